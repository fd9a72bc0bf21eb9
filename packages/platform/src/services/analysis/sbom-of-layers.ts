import { catalogerVersions } from "@plimsoll/catalog";
import { type Sbom, sortProblems } from "@plimsoll/model";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";
import type { Actor } from "../../identity/actor.ts";
import { scopeOf, scopesSeenBy } from "../../identity/trust.ts";
import {
  type KeptLayer,
  keepLayers,
  type LayerMakers,
  layersSeen,
  nameShaping,
  touchLayers,
} from "../../store/layers/layer-analyses.ts";
import { noteConflicts } from "../../store/layers/layer-conflicts.ts";
import type { Services } from "../services.ts";
import { askFreshAnalysis, type Disputed } from "./ask-fresh.ts";
import { type Choice, chooseLayers } from "./choose-layers.ts";
import { contentsOfLayers } from "./contents-of-layers.ts";
import { frameOf, type ImageFacts } from "./frame-of.ts";
import { ownShaping } from "./own-shaping.ts";
import { type SentLayer, sentLayers } from "./sent-layers.ts";

/** An image by what its documents say, and the layers that the server did not know. */
export interface LayeredAnalysis {
  readonly shaping: string;
  /** Name and version of the program that read it. */
  readonly scanner: string;
  /** `source`, `image` and `problems` of its SBOM. */
  readonly facts: ImageFacts;
  /** DiffID → SHA-256 of the upload that holds its document, 64 hex digits. */
  readonly layers: Readonly<Record<string, string>>;
}

/**
 * The SBOM of an image whose layers were sent now or before, by whom this actor may lean on. Throws SHAPING_UNKNOWN,
 * ANALYSIS_UNREADABLE, LAYERS_UNKNOWN (the same for layers that only others know), what taking uploads and reading SBOMs throw.
 */
export async function sbomOfLayers(services: Services, actor: Actor, analysis: LayeredAnalysis): Promise<Sbom> {
  const { pool } = services;
  const { shaping } = analysis;
  if (shaping !== ownShaping()) throw platformError("SHAPING_UNKNOWN");
  const frame = await frameOf(analysis.facts);
  const diffIds = frame.image.layers.flatMap(({ diffId }) => diffId ?? []);
  const scope = scopeOf(actor);
  const sent = await sentLayers(services, actor, { uploads: analysis.layers, diffIds });
  const view = { shaping, scopes: scopesSeenBy(actor) };
  const choice = chooseLayers(diffIds, sent, await layersSeen(pool, view, [...new Set(diffIds)]));
  const layers = diffIds.flatMap((diffId) => choice.chosen.get(diffId) ?? []);
  if (layers.length < diffIds.length)
    throw platformError("LAYERS_UNKNOWN", { fields: { count: diffIds.length - layers.length } });
  const makers = { shaping, scanner: analysis.scanner, actor: actor.id, now: services.clock() };
  const contents = await contentsOfLayers(services, { layers, sent, shaping, scope });
  if (scope !== null) {
    const disputed: Disputed = { source: frame.source, image: frame.image, team: actor.team };
    await keep(services, { makers, sent: [...sent.values()], choice, layers, scope, disputed });
  }
  const problems = sortProblems([...frame.problems, ...contents.problems, ...choice.problems]);
  return { ...frame, distro: contents.distro, packages: contents.packages, problems };
}

interface Keeping {
  readonly makers: LayerMakers;
  readonly sent: readonly SentLayer[];
  readonly choice: Choice;
  readonly layers: readonly KeptLayer[];
  readonly scope: number;
  readonly disputed: Disputed;
}

async function keep(services: Services, { makers, sent, choice, layers, scope, disputed }: Keeping): Promise<void> {
  const { pool } = services;
  const { shaping, now } = makers;
  if (sent.length > 0) {
    await nameShaping(pool, shaping, catalogerVersions());
    await keepLayers(pool, sent, makers);
    FAULT: fault("layers.kept");
  }
  await touchLayers(pool, makers, layers);
  const conflict = { shaping, scope, diffIds: choice.disputed, name: disputed.source.name };
  if (choice.disputed.length > 0 && (await noteConflicts(pool, conflict, now)))
    await askFreshAnalysis(services, disputed);
}
