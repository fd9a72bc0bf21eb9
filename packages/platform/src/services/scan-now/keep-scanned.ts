import { catalogerVersions, readLayerDocument } from "@plimsoll/catalog";
import { evaluate } from "@plimsoll/evaluate";
import { type Stage, uuidOf } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import { theServer } from "../../identity/actor.ts";
import type { ImageFound } from "../../image-scan/image-task.ts";
import type { AssetSeen } from "../../store/ingest/asset.ts";
import { ingest } from "../../store/ingest/ingest.ts";
import { keepLayers, nameShaping } from "../../store/layers/layer-analyses.ts";
import { answerBefore } from "../../store/results/submissions.ts";
import { ownShaping } from "../analysis/own-shaping.ts";
import { allPolicies } from "../result/judge-now.ts";
import { judgedWith } from "../scan/judged-with.ts";
import type { Services } from "../services.ts";

/** An image that the server has read itself, and what it is kept as. */
export interface Scanned {
  readonly found: ImageFound;
  readonly asset: AssetSeen;
  readonly stage: Stage;
  /** Who may lean on what was read (identity/trust.ts). */
  readonly scope: number;
  /** The job that read it: done twice, it is kept once. */
  readonly job: string;
}

/** How often an answer is made anew because knowledge moved on meanwhile. */
const attempts = 5;

/** Judges an image with what is known now and keeps the result, as one that a scanner sent; returns its id. Throws BUSY. */
export async function keepScanned(services: Services, scanned: Scanned): Promise<string> {
  const { pool, db, knowledge, clock } = services;
  const { found, asset, stage, scope } = scanned;
  const key = uuidOf("scan-now", scanned.job);
  await keepOwnLayers(services, scanned);
  FAULT: fault("scan-now.layers");
  for (let left = attempts; left > 0; left--) {
    const { base, seq, judgements, stored } = knowledge.current();
    const report = evaluate(found.sbom, base, { now: clock(), stage, policies: allPolicies, named: [], judgements });
    const done = await ingest(pool, { report, asset, seq, stored, scope, key, actor: theServer.id, ...judgedWith() });
    FAULT: fault("scan-now.kept");
    if (done.outcome === "stored") return done.resultId;
    const before = done.outcome === "repeated" ? await answerBefore(db, { actor: theServer.id, key }) : null;
    if (before !== null) return before.resultId;
    await knowledge.reload();
  }
  throw platformError("BUSY");
}

/** What the server has read itself settles what scanners disagree about (decision 13). */
async function keepOwnLayers({ pool, clock }: Services, { found, scope }: Scanned): Promise<void> {
  const layers = [...(found.layers ?? [])].flatMap(([diffId, bytes]) => {
    const document = readLayerDocument(bytes);
    if (document === null) return [];
    const { sha256, size } = document;
    return [{ diffId, sha256, size, scope, isServer: true, bytes }];
  });
  if (layers.length === 0) return;
  const shaping = ownShaping();
  await nameShaping(pool, shaping, catalogerVersions());
  await keepLayers(pool, layers, { shaping, scanner: "plimsoll server", actor: theServer.id, now: clock() });
}
