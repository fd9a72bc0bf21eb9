export * from "./cataloger.ts";
