import { uuidOf } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { evaluateScanJob } from "../../jobs/evaluate-scan.ts";
import { hasLiveWorker } from "../../store/jobs/workers.ts";
import { uploadedBytes } from "../../store/uploads/uploads.ts";
import { sbomOfLayers } from "../analysis/sbom-of-layers.ts";
import type { Services } from "../services.ts";
import { type ScanLine, scanLine } from "./scan-line.ts";
import { repeated, type ScanAnswer, type SubmittedScan, submitScan } from "./submit-scan.ts";

/**
 * Whether the sender would rather follow a job (`later`), waits for the answer however long it takes (`now`), or leaves
 * it to the server (`either`).
 */
export type ScanPreference = "later" | "now" | "either";

/** A scan that a job evaluates. */
export interface AcceptedScan {
  readonly jobId: string;
}

/** Scans that one process is at while it still answers those who did not ask to wait. */
const longQueue = 100;

/** Scans that are read, judged and kept at once: more would only hold more memory, and wait for each other. */
const atOnce = 10;

/** Scans that wait in all; the next is sent away. */
const longestLine = 2000;

const lines = new WeakMap<Services, ScanLine>();

/**
 * Evaluates a scan, or leaves it to a job: when that is preferred, or when many are waiting and somebody does jobs.
 * What is not to be kept has no other place for its answer, and is evaluated at once. Throws OVERLOADED, what {@link submitScan} throws.
 */
export async function acceptOrSubmit(
  services: Services,
  actor: Actor,
  { scan, preference }: { readonly scan: SubmittedScan; readonly preference: ScanPreference },
): Promise<ScanAnswer | AcceptedScan> {
  demand(actor, "scans.send");
  const line = lines.get(services) ?? scanLine({ places: atOnce, most: longestLine });
  lines.set(services, line);
  if (preference === "later" && scan.keep !== false) return accept(services, actor, scan);
  const isLong = preference === "either" && line.length >= longQueue && scan.keep !== false;
  if (isLong && (await hasLiveWorker(services.pool))) {
    return (await repeated(services, actor, scan)) ?? enqueueScan(services, actor, scan);
  }
  return line.do(() => submitScan(services, actor, scan));
}

/** Nobody may be there any more who would send what is missing: that is told now. */
async function accept(services: Services, actor: Actor, scan: SubmittedScan): Promise<ScanAnswer | AcceptedScan> {
  const before = await repeated(services, actor, scan);
  if (before !== null) return before;
  if (scan.analysis !== undefined) await sbomOfLayers(services, actor, scan.analysis);
  else await demandUpload(services, actor, scan);
  return enqueueScan(services, actor, scan);
}

async function demandUpload({ pool }: Services, actor: Actor, { upload }: SubmittedScan): Promise<void> {
  if (upload === undefined) throw platformError("NOTHING_SENT");
  const bytes = await uploadedBytes(pool, { sha256: upload, owner: actor.id });
  if (bytes === 0) throw platformError("NOT_FOUND", { fields: { what: "upload" } });
}

async function enqueueScan(services: Services, actor: Actor, sent: SubmittedScan): Promise<AcceptedScan> {
  const { pool, random } = services;
  // Without a name of the sender's one is drawn: a job that is done twice is kept once.
  const scan = { ...sent, key: sent.key ?? uuidOf("evaluate-scan", Buffer.from(random(16)).toString("hex")) };
  const { id, name, person, isAdmin, team, address } = actor;
  const permissions = [...actor.permissions].filter((word) => word.startsWith("scans."));
  const jobId = await enqueue(pool, evaluateScanJob, {
    payload: { scan, actor: { id, name, person, isAdmin, team, address, permissions } },
    priority: "ci",
    key: `${id} ${scan.key}`,
    team,
    askedBy: id,
  });
  FAULT: fault("scan.accepted");
  return { jobId };
}
