import type { IncomingMessage, ServerResponse } from "node:http";
import type { Blob, TestImage } from "./image.ts";
import { type RegistryFault, sendWith } from "./registry-faults.ts";

const indexType = "application/vnd.oci.image.index.v1+json";

/** What a test registry stores, by request path. */
export class Shelf {
  readonly #items = new Map<string, Blob>();

  putImage(repository: string, image: TestImage): void {
    this.putBlobs(repository, [image.config, ...image.layers]);
    this.putManifest(repository, [], image.manifest);
  }

  putBlobs(repository: string, blobs: readonly Blob[]): void {
    for (const blob of blobs) this.#items.set(`/v2/${repository}/blobs/${blob.digest}`, blob);
  }

  putManifest(repository: string, tags: readonly string[], manifest: Blob): void {
    for (const name of [manifest.digest, ...tags]) this.#items.set(`/v2/${repository}/manifests/${name}`, manifest);
  }

  find(path: string): Blob | null {
    return this.#items.get(decodeURIComponent(path)) ?? null;
  }

  /** Descriptors of the manifests of a repository whose subject is `digest` (distribution-spec 1.1, "Listing Referrers"). */
  referrers(repository: string, digest: string): object[] {
    const manifests = [...this.#items].filter(([path]) => path.startsWith(`/v2/${repository}/manifests/sha256:`));
    return manifests.flatMap(([, blob]) => {
      const document = JSON.parse(blob.bytes.toString("utf8")) as {
        subject?: { digest?: string };
        artifactType?: string;
        config?: { mediaType?: string };
        annotations?: object;
      };
      if (document.subject?.digest !== digest) return [];
      const { mediaType, digest: own, bytes } = blob;
      const artifactType = document.artifactType ?? document.config?.mediaType;
      return [{ mediaType, digest: own, size: bytes.length, artifactType, annotations: document.annotations }];
    });
  }
}

/** How referrers are listed. */
export type ReferrersOptions = { readonly filters: boolean; readonly page: number };

/** Answers `GET /v2/NAME/referrers/DIGEST`; false when the request is for something else. */
export function answerReferrers(
  shelf: Shelf,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { filters, page }: ReferrersOptions,
): boolean {
  const url = new URL(request.url ?? "", "http://registry");
  const [, repository = "", digest = ""] = /^\/v2\/(.+)\/referrers\/([^/]+)$/.exec(url.pathname) ?? [];
  if (repository === "") return false;
  const type = filters ? url.searchParams.get("artifactType") : null;
  const all = shelf.referrers(repository, digest);
  const wanted = all.filter((item) => type === null || "artifactType" in item === false || item.artifactType === type);
  const start = Number(url.searchParams.get("from") ?? 0);
  if (start + page < wanted.length) {
    const next = new URL(url);
    next.searchParams.set("from", String(start + page));
    response.setHeader("link", `<${next.pathname}${next.search}>; rel="next"`);
  }
  if (type !== null) response.setHeader("oci-filters-applied", "artifactType");
  response.setHeader("content-type", indexType);
  const manifests = wanted.slice(start, start + page);
  response.end(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  return true;
}

/** What is to be sent, and what goes wrong with it. */
export type StoredAnswer = {
  readonly found: Blob | null;
  readonly fault: RegistryFault | null;
  readonly ranges: boolean;
};

/** Sends a stored manifest or blob, or the part of it that was asked for. */
export function answerStored(request: IncomingMessage, response: ServerResponse, answer: StoredAnswer): void {
  const { found, fault, ranges } = answer;
  if (found === null) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "not known to this registry" }] }));
    return;
  }
  const { length } = found.bytes;
  const range = ranges ? rangeOf(request.headers.range, length) : null;
  const body = range === null ? found.bytes : found.bytes.subarray(range.start, range.end);
  if (range !== null) {
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${range.start}-${range.end - 1}/${length}`);
  }
  response.setHeader("content-type", found.mediaType);
  response.setHeader("content-length", body.length);
  response.setHeader("docker-content-digest", found.digest);
  if (ranges) response.setHeader("accept-ranges", "bytes");
  if (request.method === "HEAD") response.end();
  else void sendWith(fault, { response, body });
}

/** `bytes=5-`, `bytes=5-9`, `bytes=-3`; `null`: the whole. */
function rangeOf(header: string | undefined, length: number): { start: number; end: number } | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === "" || last === "" ? length : Math.min(length, Number(last) + 1);
  return start < end ? { start, end } : null;
}
