import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Log } from "@plimsoll/kit";
import { isFileName, isRevision } from "./manifest.ts";
import { envelopeFile } from "./revision-source.ts";

/**
 * Answers requests for the files of a repository folder, and for nothing else: a name is served because it is one that an
 * export writes, never because it is there. GET and HEAD, ranges, entity tags; no listing, no links followed.
 */
export function serveRepository(folder: string, log: Log): RequestListener {
  return (request, response) => {
    answer(request, response, folder).catch((error: unknown) => {
      log.warn("a request could not be answered", { path: request.url ?? "", why: String(error) });
      if (response.headersSent) response.destroy();
      else end(response, 500);
    });
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  request.resume();
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, { allow: "GET, HEAD" });
  const name = nameOf(request.url ?? "");
  const file = name === null ? null : await openFile(join(folder, name));
  if (file === null || name === null) return end(response, 404);
  try {
    await send({ request, response, name }, file);
  } finally {
    await file.handle.close();
  }
}

/** The last part of the address, so that a proxy may put the repository below any path; `null` for what is not ours. */
function nameOf(url: string): string | null {
  const name = /(?:^|\/)([^/?#]{1,100})(?:[?#].*)?$/s.exec(url)?.[1] ?? "";
  const isManifest = name === envelopeFile || (name.endsWith(".json") && isRevision(name.slice(0, -5)));
  return isManifest || isFileName(name) ? name : null;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

async function openFile(path: string): Promise<OpenFile | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(() => null);
  if (handle === null) return null;
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile()) return { handle, stats };
  await handle.close();
  return null;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly name: string;
}

async function send({ request, response, name }: Exchange, { handle, stats }: OpenFile): Promise<void> {
  const size = Number(stats.size);
  const etag = `"${stats.ino.toString(36)}-${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`;
  const headers = {
    etag,
    "accept-ranges": "bytes",
    "cache-control": name === envelopeFile ? "no-cache" : "public, max-age=86400",
    "content-type": name.endsWith(".json") ? "application/json" : "application/zstd",
    "x-content-type-options": "nosniff",
  };
  if (matches(request.headers["if-none-match"], etag)) return end(response, 304, headers);
  const range = rangeOf(request, { size, etag });
  if (range === "unsatisfiable") return end(response, 416, { "content-range": `bytes */${size}` });
  const { start, length } = range ?? { start: 0, length: size };
  const part = range === null ? {} : { "content-range": `bytes ${start}-${start + length - 1}/${size}` };
  response.writeHead(range === null ? 200 : 206, { ...headers, ...part, "content-length": length });
  if (request.method === "HEAD" || length === 0) return void response.end();
  await sendBytes(response, handle, { start, length });
}

interface Range {
  readonly start: number;
  readonly length: number;
}

const chunkBytes = 256 * 1024;

/** Piece by piece, each when the last was taken: a slow reader holds one buffer. */
async function sendBytes(response: ServerResponse, handle: FileHandle, { start, length }: Range): Promise<void> {
  for (let done = 0; done < length && !response.destroyed; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, length - done));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, start + done);
    if (bytesRead === 0) return void response.destroy();
    done += bytesRead;
    const isTaken = response.write(chunk.subarray(0, bytesRead));
    if (!isTaken) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}

function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && (header === "*" || header.split(",").some((tag) => tag.trim() === etag));
}

/** One range (RFC 9110 section 14); several, or another unit, are answered with the whole. */
function rangeOf(
  { headers }: IncomingMessage,
  { size, etag }: { readonly size: number; readonly etag: string },
): Range | "unsatisfiable" | null {
  const condition = headers["if-range"];
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? "") ?? [];
  if ((condition !== undefined && condition !== etag) || (first === "" && last === "")) return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (start >= size || end < start) return "unsatisfiable";
  return { start, length: end - start + 1 };
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, status === 304 ? headers : { ...headers, "content-length": "0" });
  response.end();
}
