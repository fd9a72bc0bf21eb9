export * from "./feed.ts";
export * from "./knowledge-base.ts";
