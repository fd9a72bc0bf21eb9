import { createReadStream } from "node:fs";
import { join } from "node:path";
import { defaultLimits, type HttpClient, type HttpResponse, messageOf, PlimsollError } from "@plimsoll/kit";
import { indexTar, openRegularFile } from "@plimsoll/source";
import { vulndbError } from "../errors.ts";
import { longestEnvelope, type RevisionFile } from "./manifest.ts";

/** The file that tells everything else: the newest revision's manifest in its envelope. */
export const envelopeFile = "plimsoll-vulndb.json";

/** Where revisions come from. Nothing it gives is trusted before it is checked. */
export interface RevisionSource extends AsyncDisposable {
  /** For people, without credentials. */
  readonly place: string;
  /** The newest revision's envelope, at most 1 MiB. Throws REPOSITORY_MISSING, REVISION_UNREADABLE. */
  envelope(): Promise<Uint8Array>;
  /** A file from the byte `from` on; may give more or less than it should. Throws what its way throws. */
  open(file: RevisionFile, from: number): AsyncIterable<Uint8Array>;
}

/** A folder. */
export function folderSource(folder: string): RevisionSource {
  return {
    place: folder,
    envelope: async () => {
      await using file = await openRegularFile(join(folder, envelopeFile)).catch((cause: unknown) => {
        throw missing(folder, messageOf(cause), cause);
      });
      if (file.size > longestEnvelope) throw tooLong(folder);
      return file.read(0, file.size);
    },
    open: ({ name }, from) => createReadStream(join(folder, name), { start: from }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A folder in a tar, uncompressed. Throws REPOSITORY_MISSING. */
export async function tarSource(path: string): Promise<RevisionSource> {
  const file = await openRegularFile(path).catch((cause: unknown) => {
    throw missing(path, messageOf(cause), cause);
  });
  try {
    const index = await indexTar(file, defaultLimits);
    const pieces = (name: string, from: number): AsyncIterable<Uint8Array> => {
      const spot = index.find(name);
      if (spot === null) throw missing(path, `${name} is not in it`);
      return file.chunks(spot.offset + from, Math.max(0, spot.size - from));
    };
    return {
      place: path,
      envelope: () => collected(pieces(envelopeFile, 0), path),
      open: ({ name }, from) => pieces(name, from),
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  } catch (cause) {
    await file[Symbol.asyncDispose]();
    throw cause instanceof PlimsollError && cause.code === "REPOSITORY_MISSING"
      ? cause
      : missing(path, messageOf(cause), cause);
  }
}

/** A web server, `plimsoll db serve` or any other: files below the address. */
export function httpSource(address: string, http: HttpClient, signal?: AbortSignal): RevisionSource {
  const url = URL.parse(address);
  const place = url === null ? address : `${url.origin}${url.pathname}`;
  const base = url === null ? address : `${url.href.replace(/[?#].*$/s, "").replace(/\/$/, "")}`;
  const get = async (name: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse> => {
    const asked = { "accept-encoding": "identity", ...headers };
    const response = await http.request({ url: `${base}/${name}`, headers: asked, ...(signal && { signal }) });
    if (response.status === 200 || response.status === 206) return response;
    response.discard();
    throw missing(place, `${name}: status ${response.status}`);
  };
  return {
    place,
    envelope: async () => (await get(envelopeFile, { "cache-control": "no-cache" })).bytes(longestEnvelope),
    open: ({ name }, from) => bodyFrom((headers) => get(name, headers), from),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The body from the byte `from` on, also of a server that knows no ranges. */
export async function* bodyFrom(
  get: (headers: Readonly<Record<string, string>>) => Promise<HttpResponse>,
  from: number,
): AsyncGenerator<Uint8Array> {
  const response = await get(from > 0 ? { range: `bytes=${from}-` } : {});
  let skip = response.status === 206 ? 0 : from;
  for await (const chunk of response.body) {
    if (skip < chunk.length) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

async function collected(pieces: AsyncIterable<Uint8Array>, place: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > longestEnvelope) throw tooLong(place);
    chunks.push(Buffer.from(piece));
  }
  return Buffer.concat(chunks, size);
}

function missing(place: string, why: string, cause?: unknown): PlimsollError {
  return vulndbError("REPOSITORY_MISSING", { fields: { place, why }, cause });
}

function tooLong(place: string): PlimsollError {
  return vulndbError("REVISION_UNREADABLE", { fields: { place, why: "its manifest is too long" } });
}
