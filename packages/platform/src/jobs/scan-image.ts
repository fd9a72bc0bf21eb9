import { z } from "zod";
import { scanImage } from "../services/scan-now/scan-image.ts";
import { defineJob } from "./job.ts";

const payload = z.object({
  image: z.string(),
  platform: z.string().nullable(),
  stage: z.enum(["registry", "runtime"]),
  asset: z.object({
    kind: z.enum(["pipeline", "registry", "workload", "host", "container"]),
    name: z.string(),
    scope: z.record(z.string(), z.string()),
  }),
});

/**
 * Pulls and scans one image (Scan Now). Its key is the image in full, its platform and the asset that it is for. At most
 * two at a time in a process: each reads one image in a thread of its own.
 */
export const scanImageJob = defineJob({
  name: "scan-image",
  payload,
  concurrency: 2,
  // Registries that allow no more requests for now are asked again after a minute, then later.
  retry: { attempts: 4, firstMs: 60_000, mostMs: 900_000 },
  timeoutMs: 1_800_000,
  handle: scanImage,
});
