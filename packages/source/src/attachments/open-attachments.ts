import type { Attachment, Digest } from "@plimsoll/model";
import { digestOf } from "@plimsoll/model";
import { sourceError } from "../errors.ts";
import { chooseManifest, type PlatformWish } from "../image/choose-manifest.ts";
import { type Descriptor, parseManifest } from "../image/documents.ts";
import { formatReference, parseReference } from "../reference.ts";
import { findImage, type RegistryAccess } from "../registry/find-image.ts";
import { fetchDocument } from "../registry/registry-documents.ts";
import { type AttachmentList, listAttachments } from "./list-attachments.ts";
import { unwrapped } from "./unwrap.ts";

/** The attachments of one image, and a way to read them. */
export interface ImageAttachments extends AttachmentList {
  /** The image that they belong to. */
  readonly digest: Digest;
  /** The document itself, out of its envelopes unless `raw`; its blob is checked against digest and size. Throws DIGEST_MISMATCH, SIZE_MISMATCH, ATTACHMENT_TOO_LARGE. */
  read(attachment: Attachment, raw: boolean): Promise<Uint8Array>;
}

/** Finds an image in its registry and lists what is attached to it. Throws what `openRegistry` throws. */
export async function openAttachments(
  text: string,
  access: RegistryAccess & { readonly wish: PlatformWish },
): Promise<ImageAttachments> {
  const { limits, wish } = access;
  const reference = parseReference(text);
  const name = formatReference(reference);
  const { client, bytes, digest } = await findImage(reference, access);
  const document = parseManifest(bytes, name);
  const fetch = (descriptor: Descriptor) => fetchDocument(client, descriptor, { kind: "manifests", limits, name });
  const chosen = await chooseManifest({ digest, document }, { wish, limits, name, fetch });
  const index = document.kind === "index" ? { digest, entries: document.manifests } : null;
  const list = await listAttachments({ client, digest: chosen.digest, index, limits });
  return {
    ...list,
    digest: chosen.digest,
    async read(attachment, raw) {
      const blob = await readBlob(attachment);
      return raw ? blob : unwrapped(blob);
    },
  };

  async function readBlob(attachment: Attachment): Promise<Uint8Array> {
    const label = `the attachment ${attachment.digest}`;
    const limit = limits.fileBytes;
    if (attachment.size > limit) throw sourceError("ATTACHMENT_TOO_LARGE", { fields: { label, limit } });
    const response = await client.get(`blobs/${attachment.digest}`);
    if (response.status === 404) {
      response.discard();
      throw sourceError("LAYER_NOT_FOUND", { fields: { label } });
    }
    const blob = await response.bytes(limit);
    const found = digestOf(blob);
    if (found !== attachment.digest) {
      throw sourceError("DIGEST_MISMATCH", { fields: { label, expected: attachment.digest, found } });
    }
    return blob;
  }
}
