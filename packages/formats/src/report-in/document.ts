import { formatError } from "../errors.ts";

/** Limits on reports from outside. */
export const reportLimits = {
  /** Characters of the whole document. */
  characters: 128 * 2 ** 20,
  /** Lists in lists, objects in objects: reports need ten. */
  depth: 64,
  /** Packages, and findings. */
  entries: 500_000,
  /** Characters of one text; longer ones are cut. */
  textLength: 8_192,
} as const;

/** A value of a parsed report and the place it came from, for the message. */
export interface Place {
  readonly value: unknown;
  readonly where: string;
}

/** The document as a value. Its depth is looked at first: a million brackets cost a parser more memory than a report. Throws BAD_REPORT. */
export function parseDocument(text: string): Place {
  if (text.length > reportLimits.characters) throw badReport("it is too large");
  if (isDeeperThan(text, reportLimits.depth)) throw badReport("it is nested too deeply");
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, "")) as unknown, where: "report" };
  } catch (cause) {
    throw formatError("BAD_REPORT", { fields: { why: "it is not JSON" }, cause });
  }
}

export function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfText(text, at);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Where the text that opens at a quote closes. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}

/** A member; `undefined` when it is absent or `null`. Reads nothing inherited. */
export function at({ value, where }: Place, key: string): Place | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badReport(`${where} is not an object`);
  const found: unknown = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  return found === undefined || found === null ? undefined : { value: found, where: `${where}.${key}` };
}

/** A member that must be there. */
export function needed(place: Place, key: string): Place {
  const found = at(place, key);
  if (found === undefined) throw badReport(`${place.where}.${key} is missing`);
  return found;
}

/** Elements of a list. */
export function listed({ value, where }: Place): Place[] {
  if (!Array.isArray(value)) throw badReport(`${where} is not a list`);
  if (value.length > reportLimits.entries) throw badReport(`${where} has too many entries`);
  return value.map((item: unknown, index) => ({ value: item, where: `${where}[${index}]` }));
}

/** Members of an object with their keys. */
export function keyed({ value, where }: Place): [string, Place][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badReport(`${where} is not an object`);
  const entries = Object.entries(value);
  if (entries.length > reportLimits.entries) throw badReport(`${where} has too many entries`);
  return entries.map(([key, item]: [string, unknown]) => [key, { value: item, where: `${where}.${key}` }]);
}

export function textIn({ value, where }: Place): string {
  if (typeof value !== "string") throw badReport(`${where} is not a text`);
  return value.slice(0, reportLimits.textLength).toWellFormed();
}

/** The text of a member; "" when there is none. */
export function textAt(place: Place, key: string): string {
  const found = at(place, key);
  return found === undefined ? "" : textIn(found);
}

export function isTrueAt(place: Place, key: string): boolean {
  return at(place, key)?.value === true;
}

export function numberAt(place: Place, key: string): number {
  const value = at(place, key)?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** One of a closed list of words. */
export function wordIn<T extends string>(place: Place, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === place.value);
  if (word === undefined) throw badReport(`${place.where} is not one of ${words.join(", ")}`);
  return word;
}

/** The member under its key when the text is not empty; for spreading. */
export function given<K extends string>(key: K, text: string): Partial<Readonly<Record<K, string>>> {
  return text === "" ? {} : ({ [key]: text } as Readonly<Record<K, string>>);
}

export function badReport(why: string) {
  return formatError("BAD_REPORT", { fields: { why } });
}
