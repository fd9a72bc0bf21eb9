import { type HttpResponse, type Limits, PlimsollError } from "@plimsoll/kit";
import type { Digest } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { type Descriptor, parseManifest } from "../image/documents.ts";
import { itemsOf, objectOf, parseObject, textOf } from "../image/json.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { findManifest } from "../registry/registry-documents.ts";

/** A manifest that says of itself that it belongs to another. */
export interface Referrer {
  readonly descriptor: Descriptor;
  readonly artifactType: string;
}

/** What a registry lists for a digest, and how. */
export interface Referrers {
  readonly via: "referrers" | "referrers-tag";
  readonly list: readonly Referrer[];
}

const indexType = "application/vnd.oci.image.index.v1+json";
const mostPages = 50;
/** Statuses of registries that do not know the API. */
const unknownApi: ReadonlySet<number> = new Set([400, 405, 406, 415, 501]);

/**
 * The referrers of a manifest (OCI distribution-spec 1.1, "Listing Referrers"), all pages; where the registry does not
 * know the API, those in the index under the tag `sha256-HEX` ("Unavailable Referrers API"). Throws DOCUMENT_INVALID and
 * what the client throws.
 */
export async function listReferrers(client: RegistryClient, subject: Digest, limits: Limits): Promise<Referrers> {
  const list: Referrer[] = [];
  let path: string | null = `referrers/${subject}`;
  for (let page = 0; path !== null; page++) {
    if (page >= mostPages) throw invalid(client, "its list of referrers has no end");
    const response = await askedFor(client, path);
    if (response === null || !isIndex(response)) {
      response?.discard();
      if (page > 0) throw invalid(client, "its list of referrers breaks off");
      return listTagged(client, subject, limits);
    }
    list.push(...referrersIn(await response.bytes(limits.documentBytes), client.repository));
    path = nextPage(response, client.repository);
  }
  return { via: "referrers", list };
}

/** `null`: the registry does not know what is asked. */
async function askedFor(client: RegistryClient, path: string): Promise<HttpResponse | null> {
  try {
    const response = await client.get(path, { accept: indexType });
    if (response.status !== 404) return response;
    response.discard();
    return null;
  } catch (error) {
    if (error instanceof PlimsollError && unknownApi.has(Number(error.fields.status))) return null;
    throw error;
  }
}

/** Some registries answer any address with a page for people. */
function isIndex({ headers }: HttpResponse): boolean {
  return (headers["content-type"] ?? "").split(";", 1)[0]?.trim() === indexType;
}

async function listTagged(client: RegistryClient, subject: Digest, limits: Limits): Promise<Referrers> {
  const found = await findManifest(client, subject.replace(":", "-"), limits);
  return { via: "referrers-tag", list: found === null ? [] : referrersIn(found.bytes, client.repository) };
}

function referrersIn(bytes: Uint8Array, name: string): readonly Referrer[] {
  const document = parseManifest(bytes, name);
  if (document.kind !== "index") return [];
  const raw = itemsOf(parseObject(bytes)?.manifests);
  return document.manifests.map((descriptor, index) => ({
    descriptor,
    artifactType: textOf(objectOf(raw[index])?.artifactType),
  }));
}

/** Path below the repository of the page behind this one (RFC 8288); `null`: this is the last. A link out of the repository's referrers is not followed. */
function nextPage({ headers, url }: HttpResponse, repository: string): string | null {
  const links = (headers.link ?? "").slice(0, 8192).matchAll(/<([^<>]+)>([^<]*)/g);
  const link = links.find(([, , parameters = ""]) => /^\s*;[^,]*\brel="?next"?/.test(parameters));
  const target = link === undefined ? null : URL.parse(link[1] ?? "", url);
  const prefix = `/v2/${repository}/`;
  if (target === null || target.origin !== URL.parse(url)?.origin) return null;
  const isOurs = target.pathname.startsWith(`${prefix}referrers/`);
  return isOurs ? target.pathname.slice(prefix.length) + target.search : null;
}

function invalid(client: RegistryClient, reason: string): Error {
  return sourceError("DOCUMENT_INVALID", { fields: { name: client.repository, reason } });
}
