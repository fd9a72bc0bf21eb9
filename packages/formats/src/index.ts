export * from "./errors.ts";
export * from "./format.ts";
export * from "./formats.ts";
