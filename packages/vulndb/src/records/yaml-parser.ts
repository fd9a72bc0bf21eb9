/**
 * The YAML reader by the one name we use. The package is CommonJS: imported lazily by itself, a bundle has its names
 * only under `default`.
 */
export { parse } from "yaml";
