import { globSync, readFileSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** A file of the web interface, ready to be sent. */
export interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
  /** Named after what is in it: it never changes. */
  readonly isForEver: boolean;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** All files below a folder by their path in it (`assets/index-1a2b.js`), read and compressed once. */
export function readWebFiles(folder: string): ReadonlyMap<string, WebFile> {
  const names = globSync("**/*", { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(names.map((name) => [name.replaceAll(sep, "/"), readWebFile(join(folder, name), name)]));
}

function readWebFile(path: string, name: string): WebFile {
  const plain = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6 };
  return {
    type: types[extname(name)] ?? "application/octet-stream",
    plain,
    br: brotliCompressSync(plain, { params }),
    gzip: gzipSync(plain),
    isForEver: name.startsWith(`assets${sep}`),
  };
}
