import { statSync } from "node:fs";
import { resolve } from "node:path";
import { openArtifact } from "@plimsoll/source";
import { artifactSource, folderSource, httpSource, type RevisionSource, tarSource } from "@plimsoll/vulndb";
import { cliError } from "./errors.ts";
import type { RepositoryOptions } from "./revision-options.ts";
import { sourceSettings } from "./source-settings.ts";
import type { Tools } from "./tools.ts";

const ociPrefix = "oci://";

/** The reference in `oci://REFERENCE`; `null` for what is none. */
export function registryReference(place: string): string | null {
  return place.startsWith(ociPrefix) ? place.slice(ociPrefix.length) : null;
}

/** Opens the repository that a user names: `oci://REFERENCE`, an address, a folder or a tar. Throws REPOSITORY_MISSING, BAD_OPTION_VALUE and what registries throw. */
export async function openRevisionSource(
  place: string,
  options: RepositoryOptions,
  tools: Tools,
): Promise<RevisionSource> {
  const reference = registryReference(place);
  if (reference !== null)
    return artifactSource(await openArtifact(reference, registrySettings(reference, options, tools)));
  if (/^https?:\/\//.test(place)) return httpSource(place, tools.http, tools.world.signal);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) {
    const fields = { option: "a repository", value: place, next: "name a folder, a tar, http(s)://… or oci://…" };
    throw cliError("BAD_OPTION_VALUE", { fields });
  }
  const path = resolve(place);
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? tarSource(path) : folderSource(path);
}

/** How the registry of a reference is reached. */
export function registrySettings(reference: string, options: RepositoryOptions, tools: Tools) {
  const settings = sourceSettings(reference, { ...options, cache: false }, tools);
  return { ...settings, signal: tools.world.signal };
}
