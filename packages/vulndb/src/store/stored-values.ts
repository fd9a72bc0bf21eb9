import type { AffectedRange, Cvss } from "@plimsoll/model";

// A damaged or foreign file is told as damaged (see `guarded`): a list that were taken for empty, or a word for none,
// would be a range that nothing lies in, and its packages would be clean. So each of these throws a RangeError.

/** The interned words. */
export type Dictionary = ReadonlyMap<number, string>;

/** The word of an id; `undefined` for the NULL of a column that may be without. */
export function wordOf(words: Dictionary, id: unknown): string | undefined {
  if (id === null || id === undefined) return undefined;
  const word = typeof id === "number" ? words.get(id) : undefined;
  return word ?? damaged("a word is missing");
}

/** The word of an id as one of those that are known. */
export function knownWord<T extends string>(known: readonly T[], words: Dictionary, id: unknown): T | undefined {
  const word = wordOf(words, id);
  if (word === undefined) return undefined;
  return known.find((one) => one === word) ?? damaged(`a word is none of ${known.join(", ")}`);
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : damaged("a text is missing");
}

export function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : damaged("a number is missing");
}

/** Versions or links, from JSON; NULL is none. */
export function textsOf(body: unknown): readonly string[] {
  const list = listOf(body);
  return list.every((item) => typeof item === "string") ? list : damaged("a list holds what is no text");
}

/** Ranges, each `[introduced, fixed, lastAffected, introducedAfter]` with nulls between and none at the end. */
export function rangesOf(body: unknown): AffectedRange[] {
  return listOf(body).map(rangeOf);
}

function rangeOf(tuple: unknown): AffectedRange {
  const isRange = Array.isArray(tuple) && tuple.every((item) => item === null || typeof item === "string");
  if (!isRange || tuple.length > 4) return damaged("a range is no list of versions");
  const [introduced, fixed, lastAffected, introducedAfter]: readonly (string | null)[] = tuple;
  return {
    ...(typeof introduced === "string" ? { introduced } : {}),
    ...(typeof fixed === "string" ? { fixed } : {}),
    ...(typeof lastAffected === "string" ? { lastAffected } : {}),
    ...(typeof introducedAfter === "string" ? { introducedAfter } : {}),
  };
}

/** CVSS ratings, as they were written. */
export function cvssListOf(body: unknown): readonly Cvss[] {
  const list = listOf(body);
  return list.every(isCvss) ? list : damaged("a CVSS rating has no score or vector");
}

function isCvss(value: unknown): value is Cvss {
  if (typeof value !== "object" || value === null) return false;
  const { version, score, vector, exploitabilityScore, impactScore }: Record<string, unknown> = { ...value };
  const isText = typeof version === "string" && typeof vector === "string";
  return (
    isText && isScore(score) && [exploitabilityScore, impactScore].every((one) => one === undefined || isScore(one))
  );
}

function isScore(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 10;
}

function listOf(body: unknown): readonly unknown[] {
  if (body === null || body === undefined) return [];
  const list: unknown = JSON.parse(textOf(body));
  return Array.isArray(list) ? list : damaged("a list is none");
}

function damaged(why: string): never {
  throw new RangeError(why);
}
