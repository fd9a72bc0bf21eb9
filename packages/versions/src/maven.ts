import { compareInTurn } from "./in-turn.ts";
import { type Natural, readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";

/** A number, a qualifier by its sort key, or a sub-list opened by `-` or by a change between digits and letters. */
type Item = Natural | string | Item[];

const qualifiers = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const aliases: Readonly<Record<string, string>> = { ga: "", final: "", release: "", cr: "rc" };
const beforeDigit: Readonly<Record<string, string>> = { a: "alpha", b: "beta", m: "milestone" };
const releaseKey = String(qualifiers.indexOf(""));

/**
 * Maven versions (maven-artifact, ComparableVersion of Maven 3.8; POM reference, "Version Order Specification"):
 * `.` and `-` nest differently, known qualifiers sort by meaning, others after `sp` as text, empty parts are trimmed.
 */
export const maven = defineScheme<Item[]>("maven", {
  read: (text) => (/^[\w.+~-]+$/.test(text) && /[0-9A-Za-z]/.test(text) ? readItems(text.toLowerCase()) : null),
  compare: (a, b) => compareInTurn(a, b, compareItems),
});

function readItems(text: string): Item[] {
  const root: Item[] = [];
  const lists = [root];
  let list = root;
  const nest = (): void => {
    const inner: Item[] = [];
    list.push(inner);
    lists.push(inner);
    list = inner;
  };
  for (const part of partsOf(text)) {
    // 1.0.0.RC1 and 1.0.0-RC1 are the same: a word before a digit or at the end opens a list, as if after "-".
    if (part.opensList && list.length > 0) nest();
    list.push(part.item);
    if (part.nests) nest();
  }
  for (const inner of lists.reverse()) trim(inner);
  return root;
}

interface Part {
  readonly item: Item;
  readonly opensList: boolean;
  readonly nests: boolean;
}

/** Parts end at `.`, `-` or where digits and letters meet; an empty part (`1..2`) counts as 0. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  for (const { index, 0: whole, 1: part = "", 2: separator } of text.matchAll(/(\d+|[^\d.-]*)([.-]?)/g)) {
    if (whole === "") break;
    const atEnd = index + whole.length === text.length;
    const turns = separator === "" && !atEnd;
    const digits = part === "" || /^\d/.test(part);
    const item = digits ? readNatural(part || "0") : qualifierKey(part, turns);
    parts.push({ item, opensList: !digits && separator === "", nests: turns || separator === "-" });
  }
  return parts;
}

function qualifierKey(word: string, followedByDigit: boolean): string {
  const full = (followedByDigit && Object.hasOwn(beforeDigit, word) ? beforeDigit[word] : undefined) ?? word;
  const name = Object.hasOwn(aliases, full) ? (aliases[full] ?? full) : full;
  const index = qualifiers.indexOf(name);
  return index < 0 ? `${qualifiers.length}-${name}` : String(index);
}

/** Removes parts that mean nothing from the end, looking past lists that mean something. */
function trim(list: Item[]): void {
  for (let at = list.length - 1; at >= 0; at--) {
    const item = list[at];
    if (item === undefined || isNothing(item)) list.splice(at, 1);
    else if (!Array.isArray(item)) return;
  }
}

function isNothing(item: Item): boolean {
  return Array.isArray(item) ? item.length === 0 : item === 0 || item === releaseKey;
}

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareToNothing(b);
  if (b === undefined) return compareToNothing(a);
  if (Array.isArray(a) && Array.isArray(b)) return compareInTurn(a, b, compareItems);
  const kind = kindOf(a) - kindOf(b);
  if (kind !== 0) return kind;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of a part against the missing part of a shorter version. */
function compareToNothing(item: Item): number {
  if (typeof item === "string") return item < releaseKey ? -1 : item > releaseKey ? 1 : 0;
  if (!Array.isArray(item)) return item === 0 ? 0 : 1;
  for (const inner of item) {
    const order = compareToNothing(inner);
    if (order !== 0) return order;
  }
  return 0;
}

/** `1-sp` < `1-1` < `1.1`. */
function kindOf(item: Item): number {
  if (typeof item === "string") return 0;
  return Array.isArray(item) ? 1 : 2;
}
