/**
 * The YAML reader by the names we use. The package is CommonJS: imported lazily by itself, a bundle has its names
 * only under `default`.
 */
export { Composer, LineCounter, Parser } from "yaml";
