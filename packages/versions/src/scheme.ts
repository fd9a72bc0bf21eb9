import type { VersionScheme } from "@plimsoll/model";

/** Longer version texts are unreadable in every scheme; characters. Bounds every comparison. */
export const maxVersionLength = 1024;

/** A version read once, to be compared often. `key` belongs to its scheme's module. */
export interface ParsedVersion {
  readonly scheme: VersionScheme;
  /** As published, without surrounding white space. */
  readonly text: string;
  readonly key: unknown;
}

/** One way of ordering versions; one module each. */
export interface SchemeModule {
  readonly scheme: VersionScheme;
  /** The version, or `null` when the scheme cannot read the text. Never throws; linear time. */
  parse(text: string): ParsedVersion | null;
  /** Total order: negative, zero or positive. Both must be of this scheme. */
  compare(a: ParsedVersion, b: ParsedVersion): number;
  /** Order of a version against the end of a range, where the scheme treats the two differently from {@link compare} (rpm). */
  compareToBound?(version: ParsedVersion, bound: ParsedVersion): number;
}

/** What a module tells of its scheme, with its own type of key. */
export interface SchemeDefinition<Key> {
  /** Key of a text of 1 to {@link maxVersionLength} visible ASCII characters, or `null`. */
  read(text: string): Key | null;
  compare(a: Key, b: Key): number;
  compareToBound?(version: Key, bound: Key): number;
}

/** Makes a scheme's module: trims, bounds length and alphabet once for all schemes, and hides the key's type. */
export function defineScheme<Key>(scheme: VersionScheme, definition: SchemeDefinition<Key>): SchemeModule {
  // The one door: keys of this scheme are made in parse below and nowhere else.
  const keyOf = (version: ParsedVersion): Key => {
    if (version.scheme !== scheme) throw new TypeError(`a ${version.scheme} version cannot be compared as ${scheme}`);
    return version.key as Key;
  };
  const { compareToBound } = definition;
  return {
    scheme,
    parse: (raw) => parse(scheme, definition, raw),
    compare: (a, b) => definition.compare(keyOf(a), keyOf(b)),
    ...(compareToBound && { compareToBound: (a, b) => compareToBound(keyOf(a), keyOf(b)) }),
  };
}

function parse<Key>(scheme: VersionScheme, definition: SchemeDefinition<Key>, raw: string): ParsedVersion | null {
  // Trimming a megabyte of blanks would already cost: length first.
  if (raw.length > maxVersionLength) return null;
  const text = raw.trim();
  if (!/^[\x21-\x7e]+$/.test(text)) return null;
  const key = definition.read(text);
  return key === null ? null : { scheme, text, key };
}
