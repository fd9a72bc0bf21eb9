import { digestOfName, repositoryOf, wantedImage } from "../engine/image-names.ts";
import { sourceError } from "../errors.ts";
import { type Containerd, containerdWords, type NamedTarget } from "./containerd-api.ts";

/** An image and the namespace that it was found in. */
export interface Found {
  readonly namespace: string;
  readonly target: NamedTarget;
}

/** The digest of an image's configuration: the id that CRI and nerdctl show; `null` when it cannot be told. */
export type ImageIdOf = (found: Found) => Promise<string | null>;

export interface FindTargetOptions {
  readonly namespaces: readonly string[];
  readonly host: string;
  readonly imageIdOf: ImageIdOf;
}

/** Images whose configurations are looked at for an id. */
const mostImages = 1000;

/**
 * The image that a user means, in the first namespace that has it: by name with `docker.io/library/` and `:latest`
 * filled in, by name and digest, by the beginning of an image id or of a manifest's digest. `null`: none. Throws
 * AMBIGUOUS_NAME.
 */
export async function findTarget(api: Containerd, text: string, options: FindTargetOptions): Promise<Found | null> {
  const { namespaces } = options;
  for (const namespace of namespaces) {
    const target = (await byName(api, namespace, text)) ?? (await byDigest(api, namespace, text));
    if (target !== null) return { namespace, target };
  }
  const { id } = wantedImage(text);
  if (id === null) return null;
  for (const namespace of namespaces) {
    const found = await byId(api, { namespace, id }, options.imageIdOf);
    const digests = [...new Map(found.map((each) => [each.target.digest, each])).values()];
    const [only] = digests;
    if (digests.length > 1) {
      const names = digests.slice(0, 5).map(({ target }) => target.name);
      const fields = { ...containerdWords, image: text, host: options.host, found: names.join(", ") };
      throw sourceError("AMBIGUOUS_NAME", { fields });
    }
    if (only !== undefined) return only;
  }
  return null;
}

async function byName(api: Containerd, namespace: string, text: string): Promise<NamedTarget | null> {
  for (const name of wantedImage(text).names) {
    const target = name === "" ? null : await api.image(namespace, name);
    if (target !== null) return target;
  }
  return null;
}

async function byDigest(api: Containerd, namespace: string, text: string): Promise<NamedTarget | null> {
  const { digest: wanted } = wantedImage(text);
  if (wanted === null) return null;
  const candidates = await api.images(namespace, `target.digest==${wanted.digest}`);
  const named = candidates.find(({ name }) => wanted.repositories.includes(repositoryOf(name)));
  return named ?? candidates.find(({ name }) => digestOfName(name) === wanted.digest) ?? null;
}

async function byId(
  api: Containerd,
  { namespace, id }: { readonly namespace: string; readonly id: string },
  imageIdOf: ImageIdOf,
): Promise<Found[]> {
  const direct = await api.images(namespace, `target.digest~=^sha256:${id}`, `name~=^sha256:${id}`);
  if (direct.length > 0) return direct.map((target) => ({ namespace, target }));
  const all = await api.images(namespace);
  const matches: Found[] = [];
  for (const target of distinctByDigest(all).slice(0, mostImages)) {
    const imageId = await imageIdOf({ namespace, target });
    if (imageId?.startsWith(`sha256:${id}`) === true) matches.push({ namespace, target });
  }
  return matches;
}

function distinctByDigest(targets: readonly NamedTarget[]): NamedTarget[] {
  return [...new Map(targets.map((target) => [target.digest, target])).values()];
}
