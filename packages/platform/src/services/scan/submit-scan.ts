import { evaluate } from "@plimsoll/evaluate";
import type { Report, Sbom, Stage } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { scopeOf } from "../../identity/trust.ts";
import type { AssetKind } from "../../store/ingest/asset.ts";
import { ingest, type Scan } from "../../store/ingest/ingest.ts";
import { answerBefore } from "../../store/results/submissions.ts";
import { dropUpload } from "../../store/uploads/uploads.ts";
import { allPolicies } from "../result/judge-now.ts";
import type { Services } from "../services.ts";
import { judgedWith } from "./judged-with.ts";
import { type SentAnalysis, sbomOf, uploadsOf } from "./sbom-of.ts";

/** A scan whose analysis was uploaded before, or is known. */
export interface SubmittedScan extends SentAnalysis {
  readonly stage: Stage;
  /** Name shown; absent: the SBOM's own. */
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Identifiers of policies to evaluate besides those of the stage. */
  readonly policies?: readonly string[] | undefined;
  /** Days after which knowledge makes the answer incomplete. */
  readonly maxKnowledgeAge?: number | undefined;
  /** Whether the result is kept; default true. */
  readonly keep?: boolean | undefined;
  /** The sender's own name of this scan, a UUID: sent again under it, the same answer comes. */
  readonly key?: string | undefined;
}

export interface ScanAnswer {
  /** `null`: it was not kept. */
  readonly resultId: string | null;
  readonly report: Report;
}

const kinds: Readonly<Record<Stage, AssetKind>> = { pipeline: "pipeline", registry: "registry", runtime: "workload" };

/** How often an answer is made anew because knowledge moved on meanwhile. */
const attempts = 5;

/**
 * Evaluates an analysis with what the server knows now, keeps the result and answers it. Sent again under its key it is
 * answered as before, without a key it gives a result of its own time. Throws FORBIDDEN, NOT_FOUND, what reading the
 * analysis and evaluating throw, BUSY.
 */
export async function submitScan(services: Services, actor: Actor, scan: SubmittedScan): Promise<ScanAnswer> {
  demand(actor, "scans.send");
  const before = await repeated(services, actor, scan);
  if (before !== null) return before;
  const sbom = await sbomOf(services, actor, scan).catch(async (error: unknown) => {
    // Sent twice at once, the other has had its answer, and its uploads are gone.
    const meanwhile = await repeated(services, actor, scan);
    if (meanwhile === null) throw error;
    return meanwhile;
  });
  if ("report" in sbom) return sbom;
  FAULT: fault("scan.read");
  for (let left = attempts; left > 0; left--) {
    const answer = await attempt(services, actor, { scan, sbom });
    if (answer !== null) return answer;
    await services.knowledge.reload();
  }
  throw platformError("BUSY");
}

/** What this scan was answered before; `null`: it was not, or has no key. */
export async function repeated(
  { db }: Services,
  actor: Actor,
  { key }: Pick<SubmittedScan, "key">,
): Promise<ScanAnswer | null> {
  return key === undefined ? null : answerBefore(db, { actor: actor.id, key });
}

/** Clients name policies by identifier or by name (contract 2.2). */
function identifierOf(word: string): string {
  const wanted = word.toLowerCase();
  return allPolicies.find(({ name }) => name.toLowerCase() === wanted)?.identifier ?? word;
}

interface Attempt {
  readonly scan: SubmittedScan;
  readonly sbom: Sbom;
}

/** `null`: the store's knowledge has moved on. */
async function attempt(services: Services, actor: Actor, { scan, sbom }: Attempt): Promise<ScanAnswer | null> {
  const { pool, knowledge, clock } = services;
  const { base, seq, judgements, stored } = knowledge.current();
  const report = evaluate(sbom, base, {
    now: clock(),
    stage: scan.stage,
    judgements,
    policies: allPolicies,
    named: (scan.policies ?? []).map(identifierOf),
    ...(scan.maxKnowledgeAge !== undefined && { maxKnowledgeAgeDays: scan.maxKnowledgeAge }),
  });
  FAULT: fault("scan.evaluated");
  const done = scan.keep === false ? null : await ingest(pool, { ...kept(actor, { scan, sbom }), report, seq, stored });
  if (done !== null && done.outcome !== "stored") {
    return done.outcome === "repeated" ? repeated(services, actor, scan) : null;
  }
  FAULT: fault("scan.kept");
  for (const sha256 of uploadsOf(scan)) await dropUpload(pool, { sha256, owner: actor.id });
  FAULT: fault("scan.answer");
  return { resultId: done === null ? null : done.resultId, report };
}

function kept(actor: Actor, { scan, sbom }: Attempt): Omit<Scan, "report" | "seq"> {
  const kind = sbom.source.kind === "host" ? "host" : kinds[scan.stage];
  const scope = scopeOf(actor);
  return {
    asset: { kind, name: scan.name ?? sbom.source.name, scope: scan.labels ?? {}, team: actor.team },
    actor: actor.id,
    actorName: actor.name,
    address: actor.address,
    ...judgedWith(),
    ...(scope !== null && { scope }),
    ...(scan.key !== undefined && { key: scan.key }),
  };
}
