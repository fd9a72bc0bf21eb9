import { evaluate } from "@plimsoll/evaluate";
import { readSbomText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import type { Report, Sbom, Stage } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import type { AssetKind } from "../../store/ingest/asset.ts";
import { documentText } from "../../store/ingest/document.ts";
import { ingest } from "../../store/ingest/ingest.ts";
import { dropUpload, takeUpload } from "../../store/uploads/uploads.ts";
import { allPolicies } from "../result/judge-now.ts";
import type { Services } from "../services.ts";

/** A scan whose analysis was uploaded before. */
export interface SubmittedScan {
  /** SHA-256 of the upload, 64 hex digits: an SBOM in any format that is read, zstd. */
  readonly upload: string;
  readonly stage: Stage;
  /** Name shown; absent: the SBOM's own. */
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Identifiers of policies to evaluate besides those of the stage. */
  readonly policies?: readonly string[] | undefined;
}

export interface ScanAnswer {
  readonly resultId: string;
  readonly report: Report;
}

const kinds: Readonly<Record<Stage, AssetKind>> = { pipeline: "pipeline", registry: "registry", runtime: "workload" };

/** How often an answer is made anew because knowledge moved on meanwhile. */
const attempts = 5;

/**
 * Evaluates an uploaded analysis with what the server knows now, keeps the result and answers it. Sent again it gives a
 * result of its own time. Throws FORBIDDEN, NOT_FOUND, UPLOAD_DAMAGED, what reading an SBOM and evaluating throw, BUSY.
 */
export async function submitScan(services: Services, actor: Actor, scan: SubmittedScan): Promise<ScanAnswer> {
  demand(actor, "scans.send");
  const key = { sha256: scan.upload, owner: actor.id };
  const sbom = await readSbomText(await textOf(await takeUpload(services.pool, key), scan.upload));
  for (let left = attempts; left > 0; left--) {
    const answer = await attempt(services, actor, { scan, sbom });
    if (answer !== null) {
      await dropUpload(services.pool, key);
      return answer;
    }
    await services.knowledge.reload();
  }
  throw platformError("BUSY");
}

/** Clients name policies by identifier or by name (contract 2.2). */
function identifierOf(word: string): string {
  const wanted = word.toLowerCase();
  return allPolicies.find(({ name }) => name.toLowerCase() === wanted)?.identifier ?? word;
}

async function textOf(bytes: Uint8Array, sha256: string): Promise<string> {
  try {
    return await documentText(bytes);
  } catch (cause) {
    throw platformError("UPLOAD_UNREADABLE", { fields: { sha256, why: messageOf(cause) }, cause });
  }
}

interface Attempt {
  readonly scan: SubmittedScan;
  readonly sbom: Sbom;
}

async function attempt({ pool, knowledge, clock }: Services, actor: Actor, { scan, sbom }: Attempt) {
  const { base, seq } = knowledge.current();
  const report = evaluate(sbom, base, {
    now: clock(),
    stage: scan.stage,
    policies: allPolicies,
    named: (scan.policies ?? []).map(identifierOf),
  });
  const kind = sbom.source.kind === "host" ? "host" : kinds[scan.stage];
  const asset = { kind, name: scan.name ?? sbom.source.name, scope: scan.labels ?? {}, team: actor.team };
  const done = await ingest(pool, { report, asset, seq, actor: actor.id });
  return done.outcome === "stored" ? { resultId: done.resultId, report } : null;
}
