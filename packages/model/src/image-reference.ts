import { type Digest, parseDigest } from "./digest.ts";

/** An image in a registry. */
export interface ImageReference {
  /** As references name it: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** `library/alpine` */
  readonly repository: string;
  /** Present even beside a digest, for people; the digest decides. */
  readonly tag: string | null;
  readonly digest: Digest | null;
}

const longest = 1024;
const registryPattern =
  /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)(?::\d{1,5})?$/;
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;

/**
 * Reads `[registry/]repository[:tag][@sha256:…]` as docker does (distribution reference grammar): without a registry it
 * is Docker Hub's, where a bare name lies under `library/`; without tag and digest the tag is `latest`. Where it is no
 * reference, answers why, as the end of a sentence about it: "its tag has …".
 */
export function readReference(text: string): ImageReference | string {
  const at = text.indexOf("@");
  const digest = at < 0 ? null : parseDigest(text.slice(at + 1));
  const { name, tag } = cutTag(at < 0 ? text : text.slice(0, at));
  const { registry, path } = cutRegistry(name);
  const reason = sizeFault(text) ?? (at >= 0 && digest === null ? faults.digest : nameFault(registry, path, tag));
  if (reason !== null) return reason;
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  return { registry, repository, tag: tag ?? (digest === null ? "latest" : null), digest };
}

const faults = {
  digest: "what follows the @ is not sha256: and 64 hex digits",
  tag: "its tag has characters that tags do not have",
  registry: "its registry is not a host name",
  upperCase: "repository names are lower case",
  repository: "its repository name is not well formed",
} as const;

function sizeFault(text: string): string | null {
  if (text === "") return "it is empty";
  return text.length > longest ? "it is too long" : null;
}

function nameFault(registry: string, path: string, tag: string | null): string | null {
  if (tag !== null && !tagPattern.test(tag)) return faults.tag;
  if (!registryPattern.test(registry)) return faults.registry;
  if (/[A-Z]/.test(path)) return faults.upperCase;
  const holds = path.length <= 255 && path.split("/").every((component) => componentPattern.test(component));
  return holds ? null : faults.repository;
}

/** The full text of a reference. */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
}

function cutTag(text: string): { name: string; tag: string | null } {
  const colon = text.lastIndexOf(":");
  if (colon < 0 || colon < text.lastIndexOf("/")) return { name: text, tag: null };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function cutRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:A-Z]/.test(first) || first === "localhost";
  if (!isHost) return { registry: "docker.io", path: name };
  const registry = first === "index.docker.io" || first === "registry-1.docker.io" ? "docker.io" : first;
  return { registry, path: name.slice(slash + 1) };
}
