export * from "./clock.ts";
export * from "./error.ts";
export * from "./limits.ts";
export * from "./log.ts";
export * from "./http.ts";
