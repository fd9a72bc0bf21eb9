export * from "./affected.ts";
export * from "./format-range.ts";
export { maxVersionLength, type ParsedVersion, type SchemeModule } from "./scheme.ts";
export * from "./schemes.ts";
