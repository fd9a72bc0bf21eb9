import { digestOfName, repositoryOf, type WantedImage, wantedImage } from "../engine/image-names.ts";
import { sourceError } from "../errors.ts";
import type { StoredImage } from "./store.ts";

export interface FindOptions {
  readonly engine: string;
  /** Shown to people: where was looked. */
  readonly host: string;
}

/**
 * The image that a user means: by full name, `localhost/` and Docker Hub filled in, by name and digest, by id or its
 * beginning, and last by the end of a name; `null`: none. Throws AMBIGUOUS_NAME.
 */
export function findImage(text: string, images: readonly StoredImage[], options: FindOptions): StoredImage | null {
  const wanted = wantedImage(text);
  const byName = wanted.names.map((name) => images.find(({ names }) => names.includes(name)));
  const named = byName.find((image) => image !== undefined) ?? images.find((image) => holdsDigest(image, wanted));
  if (named !== undefined) return named;
  const ids = images.filter(({ id }) => wanted.id !== null && id.startsWith(wanted.id));
  const ends = images.filter(({ names }) =>
    names.some((name) => wanted.suffix !== null && name.endsWith(wanted.suffix)),
  );
  const [first, ...others] = distinctById(ids.length > 0 ? ids : ends);
  if (first === undefined || others.length === 0) return first ?? null;
  const found = [first, ...others].slice(0, 5).map(({ id, names }) => `${id.slice(0, 12)} ${names[0] ?? ""}`.trim());
  throw sourceError("AMBIGUOUS_NAME", { fields: { image: text, ...options, found: found.join(", ") } });
}

function holdsDigest({ names, digests }: StoredImage, { digest }: WantedImage): boolean {
  if (digest === null) return false;
  const { repositories } = digest;
  const isNamed = names.some((name) => repositories.includes(repositoryOf(name)));
  return isNamed && (digests.has(digest.digest) || names.some((name) => digestOfName(name) === digest.digest));
}

function distinctById(images: readonly StoredImage[]): StoredImage[] {
  return [...new Map(images.map((image) => [image.id, image])).values()];
}
