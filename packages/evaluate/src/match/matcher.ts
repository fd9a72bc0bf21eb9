import type { Affected, Distro, Package } from "@plimsoll/model";

/** A name under which advisories may speak of a package, with the version that such advisories mean. */
export interface LookupKey {
  /** Ecosystem key: `npm`, `debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** `source`: the name is that of the source package or origin. */
  readonly via: "direct" | "source";
  /** Which kind of advisory name it meets; `null` where the ecosystem has only one. */
  readonly nameKind: Affected["nameKind"] | null;
}

/** Decides for one kind of package which advisories to ask for. The engine looks up, compares versions, merges and sorts. */
export interface Matcher {
  /** kebab-case. */
  readonly name: string;
  /** Of several that apply the first in the list speaks. */
  appliesTo(pkg: Package): boolean;
  /** The ecosystem key whose feeds must cover the package; `null` when there is none (a distro we do not know). */
  ecosystem(pkg: Package, distro: Distro | null): string | null;
  keys(pkg: Package, ecosystem: string): readonly LookupKey[];
  /** Whether an advisory's row is about this build of the package (architecture, module); absent = always. */
  accepts?(pkg: Package, affected: Affected): boolean;
}
