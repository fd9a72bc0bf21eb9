export * from "./affected.ts";
export { parseConstraint } from "./constraint.ts";
export * from "./format-range.ts";
export * from "./range-algebra.ts";
export { maxVersionLength, type ParsedVersion, type SchemeModule } from "./scheme.ts";
export * from "./schemes.ts";
