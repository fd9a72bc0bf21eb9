import type { Digest } from "@plimsoll/model";
import { parseReference } from "../reference.ts";
import { clientFor } from "./find-image.ts";
import { accessOf, type RegistryOptions } from "./registry-access.ts";
import { fetchTop } from "./registry-documents.ts";

/** What a registry answered. */
export interface RegistryCheck {
  /** It wanted to know who asks: the credentials were tried, and are good. */
  readonly hasLoggedIn: boolean;
  /** Of the manifest or index under the image's name; `null`: only the registry was asked. */
  readonly digest: Digest | null;
}

/** What is checked: an image, or a registry (`HOST[:PORT]`) as such. */
export type RegistrySubject = { readonly image: string } | { readonly registry: string };

/** Asks a registry for an image's manifest, or only whether it lets us in. Throws what opening an image in a registry throws. */
export async function checkRegistry(subject: RegistrySubject, options: RegistryOptions): Promise<RegistryCheck> {
  const access = accessOf(options);
  const own = { isInsecure: false, isMirror: false };
  if ("registry" in subject) {
    const client = clientFor({ registry: subject.registry, repository: "", ...own }, access);
    await client.ping();
    return { hasLoggedIn: client.hasLoggedIn, digest: null };
  }
  const reference = parseReference(subject.image);
  const client = clientFor({ ...reference, ...own }, access);
  const { digest } = await fetchTop(client, reference, access.limits);
  return { hasLoggedIn: client.hasLoggedIn, digest };
}
