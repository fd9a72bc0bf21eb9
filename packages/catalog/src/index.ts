export * from "./analyze.ts";
export * from "./cataloger.ts";
export { catalogers } from "./catalogers.ts";
export { toPurl } from "./sbom/to-purl.ts";
