import type { Attachment } from "./attachment.ts";
import type { ChainId, DiffId, Digest, ImageId } from "./digest.ts";
import type { Distro } from "./distro.ts";
import type { Package } from "./package.ts";
import type { Problem } from "./problem.ts";

/** One history row of an image; metadata-only instructions have neither digest nor size (contract 2.4). */
export interface Layer {
  /** 0-based position in the image history. */
  readonly index: number;
  readonly command: string;
  readonly created?: string;
  readonly diffId: DiffId | null;
  readonly chainId: ChainId | null;
  /** Digest of the compressed blob where the source has one; else `null`. */
  readonly digest: Digest | null;
  /** Bytes of the uncompressed tar; `null` for metadata-only rows. */
  readonly size: number | null;
}

/** The parts of an OCI image configuration that rules and reports read. */
export interface ImageConfig {
  readonly user: string;
  /** `KEY=value` lines as in the configuration. */
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly workingDir: string;
}

export interface ImageInfo {
  readonly imageId: ImageId;
  /** Manifest digest where the source knows it (registry, OCI layout, daemon RepoDigests). */
  readonly digest: Digest | null;
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly author: string;
  /** RFC 3339, as in the configuration; `null` when absent. */
  readonly created: string | null;
  /** Sum of the uncompressed layer sizes in bytes. */
  readonly size: number;
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
}

export interface SourceInfo {
  readonly kind: "image" | "host" | "directory";
  /** How it was reached: `registry`, `docker`, `docker-archive`, `oci-layout`, `dir`, `host`, … */
  readonly transport: string;
  /** Name shown to people: pull string, path or host name. */
  readonly name: string;
  /** What lies beside the image in its registry and speaks about it; absent: nobody looked. */
  readonly attachments?: readonly Attachment[];
}

/** What is there: the document between analyze() and evaluate(). Sorted, no clock inside. */
export interface Sbom {
  readonly schemaVersion: 1;
  readonly source: SourceInfo;
  readonly image: ImageInfo | null;
  readonly distro: Distro | null;
  /** Sorted by ecosystem, name, version, path; removed ones included (see {@link Package.removedIn}). */
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
  /** Name and version of each cataloger that ran. */
  readonly catalogers: readonly { readonly name: string; readonly version: number }[];
}

/** Whether a package is in the squashed tree (removed ones are kept for layered analysis only). */
export function isPresent(pkg: Package): boolean {
  return pkg.removedIn === undefined;
}
