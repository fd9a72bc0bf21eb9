import type { DiffId, Problem } from "@plimsoll/model";

/** One entry of another tool's document, before it is known what it is. Texts as found, cut to the limits. */
export interface ForeignComponent {
  readonly purl: string | null;
  readonly name: string;
  readonly version: string;
  /** `package` may be one of ours; `distro` names the operating system; `other` is neither (files, data, the source itself). */
  readonly kind: "package" | "distro" | "other";
  readonly paths: readonly string[];
  readonly licenses: readonly string[];
  readonly layer: DiffId | null;
  readonly sourcePackage: { readonly name: string; readonly version: string } | null;
  /** purl of the OS package that owns it. */
  readonly ownedBy: string | null;
  /** What a tool adds under names of its own. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Another tool's document: what it says, and what of it could not be read. */
export interface ForeignSbom {
  readonly format: "cyclonedx" | "spdx";
  readonly source: { readonly kind: "image" | "directory"; readonly name: string };
  readonly components: readonly ForeignComponent[];
  readonly problems: readonly Problem[];
}

/** Limits on documents from outside. */
export interface ForeignLimits {
  /** Characters of the whole document. */
  readonly characters: number;
  readonly components: number;
  /** Components within components, elements within elements. */
  readonly depth: number;
  /** Characters of one name, version, path or purl; longer ones are cut. */
  readonly textLength: number;
}

export const foreignLimits: ForeignLimits = {
  characters: 128 * 2 ** 20,
  components: 500_000,
  depth: 64,
  textLength: 8_192,
};
