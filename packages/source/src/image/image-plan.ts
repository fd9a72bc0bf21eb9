import type { Limits } from "@plimsoll/kit";
import {
  chainIdsOf,
  type DiffId,
  type Digest,
  type ImageInfo,
  type Layer,
  type Problem,
  sortProblems,
} from "@plimsoll/model";
import type { ImageRead, LayerRead } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { LayerExpectation } from "../stream/read-layer.ts";
import type { ConfigDocument, Descriptor } from "./documents.ts";

/** One layer of an image, as its documents describe it. */
export interface PlannedLayer extends LayerExpectation {
  readonly diffId: DiffId;
  /** Where its blob lies (path in an archive, digest in a registry); `null`: the source does not hold it. */
  readonly where: string | null;
}

/** An image whose documents are read and verified, and whose layers can be read. */
export interface ImagePlan {
  readonly config: ConfigDocument;
  /** Digest of the manifest, where there is one. */
  readonly digest: Digest | null;
  /** Lowest first. */
  readonly layers: readonly PlannedLayer[];
  readonly problems: readonly Problem[];
}

/** A layer as a manifest names it. */
export interface LayerSpot {
  readonly where: string | null;
  readonly digest: Digest | null;
  readonly size: number | null;
}

/** Joins configuration and layer list. Throws DOCUMENT_INVALID when their layers do not pair up, TOO_MANY_LAYERS. */
export function planImage(
  config: ConfigDocument,
  spots: readonly LayerSpot[],
  { limits, name, digest }: { readonly limits: Limits; readonly name: string; readonly digest: Digest | null },
): ImagePlan {
  if (spots.length > limits.layers) {
    throw sourceError("TOO_MANY_LAYERS", { fields: { name, count: spots.length, limit: limits.layers } });
  }
  if (spots.length !== config.diffIds.length) {
    const reason = `it lists ${spots.length} layers, its configuration ${config.diffIds.length}`;
    throw sourceError("DOCUMENT_INVALID", { fields: { name, reason } });
  }
  const layers = config.diffIds.map((diffId, index) => {
    const spot = spots[index] ?? { where: null, digest: null, size: null };
    return { ...spot, diffId, label: `layer ${index + 1} of ${config.diffIds.length} (${diffId.slice(7, 19)})` };
  });
  const missing = layers.filter((layer) => layer.where === null).map(missingLayer);
  return { config, digest, layers, problems: missing };
}

/** The place of a registry's or layout's layer; a foreign one lies elsewhere and is not fetched. */
export function spotOf(layer: Descriptor): LayerSpot {
  const isForeign = /\.foreign\.|nondistributable/.test(layer.mediaType);
  return { where: isForeign ? null : layer.digest, digest: layer.digest, size: layer.size };
}

function missingLayer(layer: PlannedLayer): Problem {
  return {
    level: "incomplete",
    code: "foreign-layer",
    message: "a layer that may not be distributed was not read",
    next: "scan the image where the layer is present, such as the docker daemon that runs it",
    layer: layer.diffId,
  };
}

/** The image as reports show it, once its layers are read and found true. Layers that were not wanted have size `null`. */
export function imageReadOf(plan: ImagePlan, reads: ReadonlyMap<DiffId, LayerRead>): ImageRead {
  const { config } = plan;
  const { rows, problems } = rowsOf(plan, reads);
  const { os, architecture, variant } = config.platform;
  const image: ImageInfo = {
    imageId: config.imageId,
    digest: plan.digest,
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    author: config.author,
    created: config.created,
    size: rows.reduce((sum, row) => sum + (row.size ?? 0), 0),
    config: config.config,
    layers: rows,
  };
  return { image, problems: sortProblems([...plan.problems, ...problems]), verified: Promise.resolve() };
}

/** Lines of history that an image may have. */
const mostHistory = 10_000;

type Rows = { readonly rows: readonly Layer[]; readonly problems: readonly Problem[] };

/** One row per history line (contract 2.4); when history and layers do not pair up, one row per layer. */
function rowsOf(plan: ImagePlan, reads: ReadonlyMap<DiffId, LayerRead>): Rows {
  const chainIds = chainIdsOf(plan.config.diffIds);
  const filled = plan.layers.map((layer, index): Omit<Layer, "index" | "command"> => {
    const read = reads.get(layer.diffId);
    return {
      diffId: layer.diffId,
      chainId: chainIds[index] ?? null,
      digest: layer.digest ?? read?.digest ?? null,
      size: read?.size ?? null,
    };
  });
  const history = plan.config.history.length > mostHistory ? [] : plan.config.history;
  const described = history.filter((row) => !row.isEmpty).length;
  if (described !== filled.length) {
    const rows = filled.map((layer, index) => ({ index, command: "", ...layer }));
    return {
      rows,
      problems: plan.config.history.length === 0 ? [] : [historyNote(plan.config.history.length, filled.length)],
    };
  }
  const nothing = { diffId: null, chainId: null, digest: null, size: null };
  let next = 0;
  const rows = history.map((row, index): Layer => {
    const layer = row.isEmpty ? nothing : (filled[next++] ?? nothing);
    return { index, command: row.command, ...(row.created !== undefined && { created: row.created }), ...layer };
  });
  return { rows, problems: [] };
}

function historyNote(lines: number, layers: number): Problem {
  return {
    level: "note",
    code: "history-mismatch",
    message: `the ${lines} lines of the image's history do not pair up with its ${layers} layers: commands are not shown`,
  };
}
