import { type Actor, demand } from "../../identity/actor.ts";
import type { Listed } from "../../store/results/asset-page.ts";
import {
  type LiveQuery,
  type LiveRow,
  liveResults,
  registryKind,
  runtimeKind,
} from "../../store/results/live-results.ts";
import { type PipelineQuery, type PipelineRow, pipelineResults } from "../../store/results/pipeline-results.ts";
import { type GroupsQuery, type ResultGroups, resultGroups } from "../../store/results/result-groups.ts";
import { nameOfFlaw } from "../search/name-of-flaw.ts";
import type { Services } from "../services.ts";

type Needed = Pick<Services, "db" | "knowledge">;

/** Results of pipelines, frozen. Throws FORBIDDEN and what reading filter and cursor throw; so do the others. */
export async function listPipelineResults(
  services: Needed,
  actor: Actor,
  query: PipelineQuery,
): Promise<Listed<PipelineRow>> {
  demand(actor, "results.read");
  return pipelineResults(services.db, actor, { query, nameOfFlaw: nameOfFlaw(services) });
}

/** Images of registries as they stand now. */
export async function listRegistryResults(services: Needed, actor: Actor, query: LiveQuery): Promise<Listed<LiveRow>> {
  demand(actor, "results.read");
  return liveResults(services.db, actor, { kind: registryKind, query, nameOfFlaw: nameOfFlaw(services) });
}

/** Workloads and hosts as they stand now. */
export async function listRuntimeResults(services: Needed, actor: Actor, query: LiveQuery): Promise<Listed<LiveRow>> {
  demand(actor, "results.read");
  return liveResults(services.db, actor, { kind: runtimeKind, query, nameOfFlaw: nameOfFlaw(services) });
}

/** Numbers of a list and of its parts. */
export async function groupResults(services: Needed, actor: Actor, query: GroupsQuery): Promise<ResultGroups> {
  demand(actor, "results.read");
  return resultGroups(services.db, actor, { query, nameOfFlaw: nameOfFlaw(services) });
}
