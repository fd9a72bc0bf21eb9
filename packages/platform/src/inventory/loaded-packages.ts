import type { InventoryContents } from "@plimsoll/contract";
import { uuidOf } from "@plimsoll/model";

type Loaded = NonNullable<NonNullable<InventoryContents["hosts"]>[number]["loaded"]>;

/** What was seen loaded, without repeats and in order: the same says the same. */
export interface LoadedPackages {
  readonly purls: readonly string[];
  readonly paths: readonly string[];
  readonly names: readonly { readonly name: string; readonly version: string; readonly type?: string | undefined }[];
}

/** What all of these saw together. */
export function joinLoaded(all: readonly (LoadedPackages | Loaded)[]): LoadedPackages {
  const names = new Map(all.flatMap(({ names: some = [] }) => some.map((one) => [JSON.stringify(one), one])));
  return {
    purls: sorted(all.flatMap(({ purls = [] }) => purls)),
    paths: sorted(all.flatMap(({ paths = [] }) => paths)),
    names: sorted([...names.keys()]).flatMap((key) => names.get(key) ?? []),
  };
}

/** Names what was seen loaded: UUID. */
export function loadedKey(loaded: LoadedPackages): string {
  return uuidOf("loaded", JSON.stringify(loaded));
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
