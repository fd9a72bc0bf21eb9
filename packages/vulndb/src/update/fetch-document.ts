import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HttpClient } from "@plimsoll/kit";
import { vulndbError } from "../errors.ts";
import type { Feed, Upstream } from "../feed.ts";
import { faultOfDocument } from "./check-document.ts";
import { download } from "./download.ts";
import { PartFile } from "./part-file.ts";
import type { DocumentState } from "./update-state.ts";

export interface DocumentRequest {
  readonly http: HttpClient;
  readonly dir: string;
  readonly feed: Feed;
  readonly upstream: Upstream;
  /** What is remembered of the copy on disk. */
  readonly previous: DocumentState | undefined;
  readonly now: () => number;
  readonly limitBytes: number;
  readonly onBytes?: ((done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedDocument {
  readonly status: "updated" | "unchanged" | "absent";
  /** What to remember now; absent when upstream has no such document. */
  readonly state?: DocumentState;
}

/** Where a document of a feed lies in the folder of downloads. */
export function documentPath(dir: string, feed: Feed, upstream: Pick<Upstream, "file">): string {
  return join(dir, feed.id, upstream.file);
}

/**
 * Brings one document up to date. The copy on disk is replaced only by a whole, checked one; it is never removed.
 * Throws FEED_UNAVAILABLE when upstream gives nothing usable, and whatever the HTTP client throws.
 */
export async function fetchDocument(request: DocumentRequest): Promise<FetchedDocument> {
  const { dir, feed, upstream, previous } = request;
  const path = documentPath(dir, feed, upstream);
  await mkdir(dirname(path), { recursive: true });
  const intact = await intactCopy(path, upstream, previous);
  if (intact !== undefined && isFresh(intact, upstream, request.now())) return { status: "unchanged", state: intact };
  const part = new PartFile(path);
  const { http, limitBytes, onBytes, signal } = request;
  const conditions = conditionsOf(intact);
  const got = await download({ http, url: upstream.url, part, conditions, limitBytes, onBytes, signal });
  const checkedAt = new Date(request.now()).toISOString();
  if (got.status === "unchanged" && intact !== undefined)
    return { status: "unchanged", state: { ...intact, checkedAt } };
  if (got.status === "absent" && upstream.optional === true) return { status: "absent" };
  if (got.status !== "complete")
    throw unavailable(
      upstream,
      got.status === "absent" ? "is not there any more (404)" : "answered 304 to an unconditional request",
    );
  await settle({ request, part, path });
  const { status: _, ...facts } = got;
  const sha256 = await sha256Of(path);
  const state = { url: upstream.url, ...facts, sha256, fetchedAt: checkedAt, checkedAt };
  if (sha256 !== intact?.sha256) return { status: "updated", state };
  return { status: "unchanged", state: { ...state, fetchedAt: intact.fetchedAt } };
}

interface Settling {
  readonly request: DocumentRequest;
  readonly part: PartFile;
  readonly path: string;
}

async function settle({ request, part, path }: Settling): Promise<void> {
  const fault = await faultOfDocument(request.feed, part.path, request.upstream.file);
  if (fault !== null) {
    await part.remove();
    throw unavailable(request.upstream, fault);
  }
  await rename(part.path, path);
}

/** What is remembered, if the file on disk is still that: a damaged copy must not be confirmed by a 304. */
async function intactCopy(
  path: string,
  upstream: Upstream,
  previous: DocumentState | undefined,
): Promise<DocumentState | undefined> {
  if (previous === undefined || previous.url !== upstream.url) return undefined;
  const sha256 = await sha256Of(path).catch(() => null);
  return sha256 === previous.sha256 ? previous : undefined;
}

function isFresh({ checkedAt }: DocumentState, { freshDays = 0 }: Upstream, now: number): boolean {
  const ageMs = now - Date.parse(checkedAt);
  return ageMs >= 0 && ageMs < freshDays * 86_400_000;
}

function conditionsOf(copy: DocumentState | undefined): Record<string, string> {
  return {
    ...(copy?.etag !== undefined && { "if-none-match": copy.etag }),
    ...(copy?.lastModified !== undefined && { "if-modified-since": copy.lastModified }),
  };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}

function unavailable(upstream: Upstream, reason: string): Error {
  return vulndbError("FEED_UNAVAILABLE", { fields: { url: upstream.url, reason } });
}
