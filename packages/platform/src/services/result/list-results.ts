import { type Actor, demand } from "../../identity/actor.ts";
import {
  type LiveQuery,
  type LiveRow,
  liveResults,
  registryKind,
  runtimeKind,
} from "../../store/results/live-results.ts";
import {
  type Listed,
  type ListQuery,
  type PipelineRow,
  pipelineResults,
} from "../../store/results/pipeline-results.ts";
import type { Services } from "../services.ts";

/** Results of pipelines, frozen, newest first. Throws FORBIDDEN and what reading filter and cursor throw; so do the others. */
export async function listPipelineResults(
  { db }: Services,
  actor: Actor,
  query: ListQuery,
): Promise<Listed<PipelineRow>> {
  demand(actor, "results.read");
  return pipelineResults(db, actor, query);
}

/** Images of registries as they stand now, worst first. */
export async function listRegistryResults({ db }: Services, actor: Actor, query: LiveQuery): Promise<Listed<LiveRow>> {
  demand(actor, "results.read");
  return liveResults(db, actor, { kind: registryKind, query });
}

/** Workloads and hosts as they stand now, worst first. */
export async function listRuntimeResults({ db }: Services, actor: Actor, query: LiveQuery): Promise<Listed<LiveRow>> {
  demand(actor, "results.read");
  return liveResults(db, actor, { kind: runtimeKind, query });
}
