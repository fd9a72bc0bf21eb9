import {
  type AnalyzeOptions,
  analyze,
  catalogerVersions,
  joinLayers,
  openLayerCache,
  programRevision,
  readLayerDocument,
  readLayersApart,
} from "@plimsoll/catalog";
import { defaultLimits, type HttpClient, type Log } from "@plimsoll/kit";
import { type DiffId, sortProblems } from "@plimsoll/model";
import { type OpenedImage, openSource, type Progress } from "@plimsoll/source";
import type { ImageFound, ImageProgress, ImageTask } from "./image-task.ts";
import { type LayerState, watchedLayers } from "./watched-layers.ts";

/** What reading an image leans on. */
export interface Reading {
  readonly http: HttpClient;
  readonly log: Log;
  readonly now: () => number;
  readonly tell: (progress: ImageProgress) => void;
}

/** Reads an image of a registry as the command line does, layer by layer, and joins what they hold. Throws what opening and reading throw. */
export async function findInImage(task: ImageTask, { http, log, now, tell }: Reading): Promise<ImageFound> {
  const { reference, platform, access, layersFolder } = task;
  const name = `pull://${reference}`;
  await using opened = await openSource(name, { ...access, http, log, ...(platform !== null && { platform }) });
  if (opened.kind !== "image") throw new TypeError("unreachable: what is pulled is an image");
  let read: Progress = { layersDone: 0, layersTotal: opened.diffIds?.length ?? null, bytes: 0, bytesTotal: null };
  let layers: readonly LayerState[] = [];
  const source = watchedLayers(opened, (states) => {
    layers = states;
    tell({ ...read, layers });
  });
  const options: AnalyzeOptions = {
    limits: defaultLimits,
    cache: openLayerCache({ folder: layersFolder, revision: programRevision, now, log }),
    onProgress: (progress) => {
      read = progress;
      tell({ ...read, layers });
    },
  };
  return (await foundApart(source, options)) ?? { sbom: await analyze(source, options), layers: null };
}

/** `null`: read apart, its layers would not say what the image as a whole does. */
async function foundApart(source: OpenedImage, options: AnalyzeOptions): Promise<ImageFound | null> {
  const apart = await readLayersApart(source, new Map(), options);
  if (apart === null) return null;
  const { image, documents } = apart;
  const found = image.layers.flatMap(({ diffId }) => {
    const document = diffId === null ? null : readLayerDocument(documents.get(diffId) ?? none);
    return diffId === null || document === null ? [] : [{ diffId, facts: document.facts }];
  });
  if (found.length < image.layers.filter(({ diffId }) => diffId !== null).length) return null;
  const { distro, packages, problems } = joinLayers(found);
  const sbom = {
    schemaVersion: 1,
    source: source.source,
    image,
    distro,
    packages,
    problems: sortProblems([...apart.problems, ...problems]),
    catalogers: catalogerVersions(),
  } as const;
  return { sbom, layers: new Map<DiffId, Uint8Array>(documents) };
}

const none = new Uint8Array();
