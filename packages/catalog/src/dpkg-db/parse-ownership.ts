import { linesOf } from "../decode-text.ts";

/** Paths of a dpkg `info/*.list` file (one absolute path a line, folders included), without leading slash. */
export function parseFileList(text: string): string[] {
  return [...linesOf(text)].filter((line) => line.startsWith("/") && line.length > 2).map((line) => line.slice(1));
}

/** Paths of a dpkg `*.md5sums` file (`<32 hex>  path` a line), without leading slash. */
export function parseMd5sums(text: string): string[] {
  return [...linesOf(text)].flatMap((line) => {
    const path = /^[0-9a-f]{32} [ *]?\.?\/?(.+)$/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}
