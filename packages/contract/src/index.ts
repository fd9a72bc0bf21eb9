export * from "./api/error.ts";
export * from "./api/results.ts";
export * from "./api/scan.ts";
export * from "./report-v0.ts";
export * from "./report-v1.ts";
export * from "./wire.ts";
