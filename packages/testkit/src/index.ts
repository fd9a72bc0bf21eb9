export * from "./bytes.ts";
export * from "./compress.ts";
export * from "./image.ts";
export * from "./shared-data.ts";
export * from "./tar.ts";
export * from "./zip.ts";
