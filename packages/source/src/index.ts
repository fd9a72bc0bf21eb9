export * from "./entry.ts";
export { sourceErrors } from "./errors.ts";
export { type DecompressOptions, decompressed } from "./stream/decompress.ts";
export * from "./tar/tar-files.ts";
export { TarReader, type TarReaderOptions, type TarVisitor } from "./tar/tar-reader.ts";
