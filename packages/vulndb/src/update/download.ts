import type { FileHandle } from "node:fs/promises";
import { type HttpClient, type HttpResponse, messageOf, PlimsollError } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import type { PartFile } from "./part-file.ts";

export interface DownloadRequest {
  readonly http: HttpClient;
  readonly url: string;
  readonly part: PartFile;
  /** Headers that make the request conditional, used when nothing is resumed. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly limitBytes: number;
  readonly onBytes?: ((done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a download ended well. */
export type Downloaded =
  | { readonly status: "unchanged" }
  | { readonly status: "absent" }
  | { readonly status: "complete"; readonly bytes: number; readonly etag?: string; readonly lastModified?: string };

/** Times a broken body is gone on with before the rest is left to the next update. */
const mostBreaks = 3;

/**
 * Fetches one document into its part file: conditional, and from where the last attempt broke off if upstream agrees
 * (Range with If-Range). Throws FEED_UNAVAILABLE with the reason; what came so far is kept if it can be gone on with.
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  for (let breaks = 0; ; breaks++) {
    const resume = await request.part.resumable(request.url);
    const outcome = await attempt(request, resume);
    if (outcome === "again") continue; // the part is gone, so this happens once for each break at most
    if (!(outcome instanceof Break)) return outcome;
    const kept = await request.part.resumable(request.url);
    if (kept === null) await request.part.remove();
    if (breaks >= mostBreaks) throw unavailable(request.url, outcome.reasonWith(kept?.size ?? 0), outcome.cause);
  }
}

/** A body that did not come to its end. */
class Break {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }

  reasonWith(kept: number): string {
    const what = messageOf(this.cause);
    return kept > 0 ? `${what}; ${kept} bytes are kept to go on from` : what;
  }
}

type Resume = { readonly size: number; readonly validator: string } | null;

async function attempt(request: DownloadRequest, resume: Resume): Promise<Downloaded | Break | "again"> {
  const { http, url, conditions, signal } = request;
  const range = resume === null ? conditions : { range: `bytes=${resume.size}-`, "if-range": resume.validator };
  // Sizes and ranges count the bytes as stored, so no compression on the way.
  const headers = { "accept-encoding": "identity", ...range };
  const response = await http.request({ url, headers, ...(signal !== undefined && { signal }) });
  if (response.status === 200) return receive(request, response, 0);
  if (resume !== null && rangeStart(response) === resume.size) return receive(request, response, resume.size);
  response.discard();
  return resume === null ? withoutBody(url, response) : withoutRange(request, response);
}

function withoutBody(url: string, response: HttpResponse): Downloaded {
  if (response.status === 304) return { status: "unchanged" };
  if (response.status === 404 || response.status === 410) return { status: "absent" };
  throw unavailable(url, statusReason(response));
}

/** The part kept is worthless where upstream gives another range, has none such, or has lost the document. */
async function withoutRange({ url, part }: DownloadRequest, response: HttpResponse): Promise<"again"> {
  if (![206, 404, 410, 416].includes(response.status)) throw unavailable(url, statusReason(response));
  await part.remove();
  return "again";
}

async function receive(request: DownloadRequest, response: HttpResponse, from: number): Promise<Downloaded | Break> {
  const { url, part, limitBytes } = request;
  const total = totalOf(response, from);
  if (total !== null && total > limitBytes) {
    response.discard();
    await part.remove();
    throw unavailable(url, `${total} bytes are more than the ${limitBytes} allowed`);
  }
  const etag = response.headers.etag;
  const lastModified = response.headers["last-modified"];
  const file = from > 0 ? await part.continue() : await part.begin(url, validatorOf(response));
  const end = await writeBody({ file, response, request, from, total }).finally(() => file.close());
  if (end instanceof Break) return end;
  await part.forget();
  return { status: "complete", bytes: end, ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

interface Transfer {
  readonly file: FileHandle;
  readonly response: HttpResponse;
  readonly request: DownloadRequest;
  readonly from: number;
  readonly total: number | null;
}

async function writeBody({ file, response, request, from, total }: Transfer): Promise<number | Break> {
  let done = from;
  for await (const chunk of brokenAsValue(response.body)) {
    if (chunk instanceof Break) return chunk;
    done += chunk.length;
    if (done > request.limitBytes) {
      response.discard();
      await request.part.remove();
      throw unavailable(request.url, `more than the ${request.limitBytes} bytes allowed`);
    }
    await file.writeFile(chunk);
    request.onBytes?.(done, total);
  }
  if (total !== null && done !== total) return new Break(new Error(`${done} of ${total} bytes came`));
  await file.sync();
  return done;
}

/** The network's failures as values; those of the disk stay exceptions. */
async function* brokenAsValue(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | Break> {
  try {
    yield* body;
  } catch (cause) {
    if (!(cause instanceof PlimsollError)) throw cause;
    yield new Break(cause);
  }
}

function rangeStart(response: HttpResponse): number | null {
  const start = /^bytes (\d{1,15})-/.exec(response.headers["content-range"] ?? "")?.[1];
  return response.status === 206 && start !== undefined ? Number(start) : null;
}

function totalOf(response: HttpResponse, from: number): number | null {
  const header =
    from > 0 ? /\/(\d{1,15})$/.exec(response.headers["content-range"] ?? "")?.[1] : response.headers["content-length"];
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

/** If-Range takes a strong ETag or a date, and only where upstream serves ranges at all. */
function validatorOf({ headers }: HttpResponse): string | null {
  if (headers["accept-ranges"] === "none") return null;
  const etag = headers.etag;
  return etag?.startsWith('"') ? etag : (headers["last-modified"] ?? null);
}

function statusReason({ status, headers }: HttpResponse): string {
  const after = headers["retry-after"];
  if (status === 429)
    return `too many requests (429)${after === undefined ? "" : `, asked to come back after ${after}`}`;
  return `answered with status ${status}`;
}

function unavailable(url: string, reason: string, cause?: unknown): PlimsollError {
  return vulndbError("FEED_UNAVAILABLE", { fields: { url, reason }, cause });
}
