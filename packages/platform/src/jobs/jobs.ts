import { evaluateJob } from "./evaluate.ts";
import { evaluateScanJob } from "./evaluate-scan.ts";
import { feedUpdate } from "./feed-update.ts";
import { inventoryJob } from "./inventory.ts";
import type { AnyJob } from "./job.ts";
import { rematchJob } from "./rematch.ts";
import { retention } from "./retention.ts";
import { scanImageJob } from "./scan-image.ts";
import { tidy } from "./tidy.ts";
import { verdictExpiry } from "./verdict-expiry.ts";

/** Every kind of job: the only file that knows all of them. */
export const jobs: readonly AnyJob[] = [
  evaluateScanJob,
  scanImageJob,
  feedUpdate,
  rematchJob,
  evaluateJob,
  verdictExpiry,
  inventoryJob,
  retention,
  tidy,
];
