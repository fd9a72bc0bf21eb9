import type { Digest } from "./digest.ts";

/** What a document attached to an image is for. */
export const attachmentKinds = ["sbom", "vex", "provenance", "signature", "other"] as const;
export type AttachmentKind = (typeof attachmentKinds)[number];

/** How an attached document was found: referrers API, its fallback tag, cosign's tags, BuildKit's manifests in the index. */
export const attachmentPaths = ["referrers", "referrers-tag", "cosign-tag", "index"] as const;
export type AttachmentPath = (typeof attachmentPaths)[number];

/** A document that lies beside an image in its registry and speaks about it. Nobody has verified what it says or who says it. */
export interface Attachment {
  readonly kind: AttachmentKind;
  /** Of the document's blob. */
  readonly mediaType: string;
  /** What a statement in an envelope is about (in-toto predicate type), else the artifact's type; `""`: not told. */
  readonly type: string;
  readonly digest: Digest;
  /** Bytes of the blob. */
  readonly size: number;
  readonly via: AttachmentPath;
}
