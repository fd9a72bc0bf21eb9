import { type Digest, parseDigest } from "@plimsoll/model";
import { formatReference, parseReference } from "../reference.ts";

/** What a user's word for an image may stand for in the store of an engine. */
export interface WantedImage {
  /** Full names, the likeliest first. */
  readonly names: readonly string[];
  /** What full names end with, when no registry was written: `/app:1`. */
  readonly suffix: string | null;
  /** With a digest: the repositories it may be known under. */
  readonly digest: { readonly digest: Digest; readonly repositories: readonly string[] } | null;
  /** Hex digits that an image id begins with. */
  readonly id: string | null;
}

/** Reads `app`, `app:1`, `registry/team/app:1`, `app@sha256:…`, `sha256:…` or the beginning of an id, as engines read them. */
export function wantedImage(text: string): WantedImage {
  const id = /^(?:sha256:)?([0-9a-f]{2,64})$/.exec(text)?.[1] ?? null;
  const wanted = /^sha256:[0-9a-f]{64}$/.test(text) ? null : nameOf(text);
  return { names: [text], suffix: null, digest: null, ...wanted, id };
}

function nameOf(text: string): Omit<WantedImage, "id"> | null {
  const reference = referenceOf(text);
  if (reference === null) return null;
  const { registry, repository, digest } = reference;
  const tag = reference.tag ?? "latest";
  const full = `${registry}/${repository}`;
  const isShort = registry === "docker.io" && !/^(?:index\.|registry-1\.)?docker\.io\//.test(text);
  const path = isShort ? repository.replace(/^library\/(?=[^/]+$)/, "") : repository;
  const repositories = isShort ? [`localhost/${path}`, full] : [full];
  if (digest !== null) return { names: [text], suffix: null, digest: { digest, repositories } };
  const names = [text, ...repositories.map((name) => `${name}:${tag}`)];
  return { names: [...new Set(names)], suffix: isShort ? `/${path}:${tag}` : null, digest: null };
}

function referenceOf(text: string) {
  try {
    return parseReference(text);
  } catch {
    return null; // Engines know names that registries do not.
  }
}

/** The repository of a name as engines store it, without tag and digest. */
export function repositoryOf(name: string): string {
  const reference = referenceOf(name);
  return reference === null ? name : formatReference({ ...reference, tag: null, digest: null });
}

/** The digest behind the `@` of a stored name. */
export function digestOfName(name: string): Digest | null {
  return parseDigest(name.slice(name.indexOf("@") + 1));
}
