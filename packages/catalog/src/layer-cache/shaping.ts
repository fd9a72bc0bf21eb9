import type { Limits } from "@plimsoll/kit";
import type { Cataloger } from "../cataloger.ts";
import { entryVersion } from "./entries.ts";

/** What decides what is found in a layer, beside its bytes. */
export interface Shaping {
  readonly catalogers: readonly Cataloger[];
  readonly limits: Limits;
}

/** The same as values that can be written down: version of the entries, names and versions of the catalogers, limits. */
export function shapingParts({ catalogers, limits }: Shaping): readonly unknown[] {
  return [entryVersion, catalogers.map(({ name, version }) => [name, version]), limits];
}
