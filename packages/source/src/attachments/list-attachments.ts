import { type Limits, PlimsollError, plainText } from "@plimsoll/kit";
import type { Attachment, AttachmentPath, Digest, Problem } from "@plimsoll/model";
import { sortProblems } from "@plimsoll/model";
import { type Descriptor, parseManifest } from "../image/documents.ts";
import { objectOf, parseObject, textOf } from "../image/json.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { fetchDocument, findManifest } from "../registry/registry-documents.ts";
import { attachmentKindOf } from "./attachment-kind.ts";
import { listReferrers } from "./referrers.ts";

/** An image as far as its attachments are concerned. */
export interface Subject {
  readonly client: RegistryClient;
  /** The manifest's digest. */
  readonly digest: Digest;
  /** The index it was chosen from, where there is one. */
  readonly index: { readonly digest: Digest; readonly entries: readonly Descriptor[] } | null;
  readonly limits: Limits;
}

export interface AttachmentList {
  /** Sorted by kind, type, digest; every document once. */
  readonly attachments: readonly Attachment[];
  readonly problems: readonly Problem[];
}

/** Manifests of attachments that are read for one image. */
const mostManifests = 200;

/**
 * Everything that lies beside an image and speaks about it or about its index: referrers, cosign's tags (`.sbom`,
 * `.att`, `.sig`), BuildKit's attestation manifests. A list that cannot be read is a problem, the others still count.
 */
export async function listAttachments(subject: Subject): Promise<AttachmentList> {
  const gathered = new Gathering(subject);
  await gathered.attempt(() => gathered.ofIndex());
  for (const digest of new Set([subject.digest, subject.index?.digest ?? subject.digest])) {
    await gathered.attempt(() => gathered.ofReferrers(digest));
    for (const suffix of ["sbom", "att", "sig"]) await gathered.attempt(() => gathered.ofCosign(digest, suffix));
  }
  return gathered.result();
}

/** Characters of a type that are kept: RFC 6838 allows 255. */
const longestType = 255;

interface Place {
  readonly via: AttachmentPath;
  readonly artifactType: string;
  /** The manifest that it must say it belongs to; `null`: this way of attaching does not say it. */
  readonly subject: Digest | null;
}

class Gathering {
  readonly #subject: Subject;
  readonly #found = new Map<Digest, Attachment>();
  readonly #problems: Problem[] = [];
  #manifests = 0;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      this.#warn("attachments-unread", `not all attachments of the image could be listed: ${error.message}`);
    }
  }

  /** BuildKit: manifests of the index whose annotation names the image (attestation-storage.md of moby/buildkit). */
  async ofIndex(): Promise<void> {
    const { index, digest } = this.#subject;
    for (const entry of index?.entries ?? []) {
      const { "vnd.docker.reference.type": type, "vnd.docker.reference.digest": of } = entry.annotations;
      if (type === "attestation-manifest" && of === digest) {
        await this.#manifest(entry, { via: "index", artifactType: "", subject: null });
      }
    }
  }

  async ofReferrers(subject: Digest): Promise<void> {
    const { via, list } = await listReferrers(this.#subject.client, subject, this.#subject.limits);
    for (const { descriptor, artifactType } of list) {
      await this.attempt(() => this.#manifest(descriptor, { via, artifactType, subject }));
    }
  }

  /** cosign's tags of before the referrers API. */
  async ofCosign(subject: Digest, suffix: string): Promise<void> {
    const { client, limits } = this.#subject;
    const found = await findManifest(client, `${subject.replace(":", "-")}.${suffix}`, limits);
    if (found !== null) this.#layers(found.bytes, { via: "cosign-tag", artifactType: "", subject: null });
  }

  result(): AttachmentList {
    const key = ({ kind, type, digest }: Attachment): string => `${kind} ${type} ${digest}`;
    const attachments = [...this.#found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    return { attachments, problems: sortProblems(this.#problems) };
  }

  async #manifest(descriptor: Descriptor, place: Place): Promise<void> {
    if (++this.#manifests > mostManifests) {
      return this.#warn("too-many-attachments", `only the first ${mostManifests} attachments of the image were read`);
    }
    const { client, limits } = this.#subject;
    const name = client.repository;
    this.#layers(await fetchDocument(client, descriptor, { kind: "manifests", limits, name }), place);
  }

  #layers(bytes: Uint8Array, { via, artifactType, subject }: Place): void {
    const raw = parseObject(bytes);
    const named = textOf(objectOf(raw?.subject)?.digest);
    if (subject !== null && named !== subject) {
      return this.#warn("foreign-attachment", "the registry lists an attachment that belongs to another image");
    }
    const document = parseManifest(bytes, this.#subject.client.repository);
    if (document.kind !== "manifest") return;
    const own = artifactType || textOf(raw?.artifactType);
    const annotations = objectOf(raw?.annotations) ?? {};
    for (const layer of document.layers) this.#add(layer, { via, artifactType: own, annotations });
  }

  #add(layer: Descriptor, { via, artifactType, annotations }: Omit<Place, "subject"> & { annotations: object }): void {
    const { digest, size } = layer;
    const mediaType = plainText(layer.mediaType, longestType);
    const predicate = predicateOf({ ...annotations, ...layer.annotations });
    const type = plainText(predicate || artifactType, longestType);
    // What an envelope holds tells more than that it is one.
    const kind = predicate === "" ? attachmentKindOf(mediaType, artifactType) : attachmentKindOf(predicate);
    if (!this.#found.has(digest)) this.#found.set(digest, { kind, mediaType, type, digest, size, via });
  }

  #warn(code: string, message: string): void {
    this.#problems.push({ level: "warning", code, message });
  }
}

/** The in-toto predicate type as BuildKit, cosign and sigstore bundles note it. */
function predicateOf(annotations: Readonly<Record<string, unknown>>): string {
  const names = ["in-toto.io/predicate-type", "predicateType", "dev.sigstore.bundle.predicateType"];
  return names.map((name) => textOf(annotations[name])).find((text) => text !== "") ?? "";
}
