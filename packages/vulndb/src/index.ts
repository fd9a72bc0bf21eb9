export * from "./feed.ts";
export * from "./feeds.ts";
export * from "./knowledge-base.ts";
