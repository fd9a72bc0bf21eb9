export * from "./analyze.ts";
export * from "./cataloger.ts";
export { catalogers } from "./catalogers.ts";
export type { LayerCache } from "./layer-cache/layer-cache.ts";
export * from "./layer-cache/open-layer-cache.ts";
export * from "./layer-documents.ts";
export * from "./layers-apart.ts";
export { programRevision } from "./program-revision.ts";
export { toPurl } from "./sbom/to-purl.ts";
