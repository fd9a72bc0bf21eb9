import { type Actor, demand } from "../../identity/actor.ts";
import { listSources, type SourceRow } from "../../store/inventory/sources.ts";
import {
  placesOfImage,
  type RunningPlace,
  type SomeOf,
  type Unscanned,
  unscannedImages,
} from "../../store/inventory/where-runs.ts";
import { requestScan } from "../scan-now/request-scan.ts";
import type { Services } from "../services.ts";

type Needed = Pick<Services, "pool" | "db">;

interface Asked {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Who says what runs, and when it was heard last. Throws FORBIDDEN. */
export async function readSources({ pool }: Needed, actor: Actor): Promise<readonly SourceRow[]> {
  demand(actor, "results.read");
  return listSources(pool, actor.team);
}

/** What runs an image (64 hex digits of its id or of its manifest's digest). Throws FORBIDDEN, BAD_CURSOR. */
export async function readWhereRuns(
  { db }: Needed,
  actor: Actor,
  asked: Asked & { readonly image: string },
): Promise<SomeOf<RunningPlace>> {
  demand(actor, "results.read");
  return placesOfImage(db, actor, asked);
}

const reasons = ["never-scanned", "scan-failed", "unsupported", "credentials-missing", "scan-queued"] as const;

/** Something that runs unscanned, and why. */
export interface UnscannedRow extends Omit<Unscanned, "reason" | "job"> {
  readonly reason: (typeof reasons)[number];
  readonly jobId: string | null;
}

/** What runs and nobody has scanned, with the reason. Throws FORBIDDEN, BAD_CURSOR. */
export async function readUnscanned({ db }: Needed, actor: Actor, asked: Asked): Promise<SomeOf<UnscannedRow>> {
  demand(actor, "results.read");
  const page = await unscannedImages(db, actor, asked);
  return { ...page, rows: page.rows.map(explained) };
}

/** What the server itself met counts more than what the collector said before. */
function explained({ job, ...row }: Unscanned): UnscannedRow {
  const said = reasons.find((reason) => reason === row.reason) ?? "never-scanned";
  if (job === null) return { ...row, reason: said, jobId: null };
  if (job.state === "queued" || job.state === "running") return { ...row, reason: "scan-queued", jobId: job.id };
  const why = failureOf(job.code);
  return why === null
    ? { ...row, reason: said, jobId: job.id }
    : { ...row, reason: why, detail: job.message, jobId: job.id };
}

function failureOf(code: string | null): UnscannedRow["reason"] | null {
  if (code === null) return null;
  if (/^REGISTRY_LOGIN_/.test(code)) return "credentials-missing";
  return /UNSUPPORTED/.test(code) ? "unsupported" : "scan-failed";
}

/** A scan that was asked for. */
export interface AskedScan {
  readonly image: string;
  readonly jobId: string;
}

/**
 * Has images that run unscanned scanned by the server, behind all that is more urgent; those whose scan failed before are
 * asked for one by one. Throws FORBIDDEN.
 */
export async function scanUnscanned(services: Services, actor: Actor, limit: number): Promise<readonly AskedScan[]> {
  demand(actor, "scan-now.run");
  const { rows } = await unscannedImages(services.db, actor, { limit: 1000 });
  const waiting = rows.filter(({ job, reference }) => job === null && reference !== null).slice(0, limit);
  const asked: AskedScan[] = [];
  for (const { assetId, name } of waiting) {
    asked.push({ image: name, jobId: await requestScan(services, actor, { assetId, priority: "scheduled" }) });
  }
  return asked;
}
