import { formatError } from "../errors.ts";

/** A value of a parsed document and the place it came from, for the message. */
export interface Field {
  readonly value: unknown;
  readonly where: string;
}

/** The members of an object. */
export function membersOf({ value, where }: Field): (key: string) => Field {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(where, "an object");
  const members = value as Readonly<Record<string, unknown>>;
  return (key) => ({ value: Object.hasOwn(members, key) ? members[key] : undefined, where: `${where}.${key}` });
}

/** Every element of a list. */
export function listOf<T>({ value, where }: Field, read: (item: Field) => T): T[] {
  if (!Array.isArray(value)) throw bad(where, "a list");
  return value.map((item: unknown, index) => read({ value: item, where: `${where}[${index}]` }));
}

/** A table of texts. */
export function textsOf(field: Field): Record<string, string> {
  const { value, where } = field;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(where, "an object");
  const entries = Object.entries(value).map(([key, item]) => [key, textOf({ value: item, where: `${where}.${key}` })]);
  return Object.fromEntries(entries) as Record<string, string>;
}

export function textOf({ value, where }: Field): string {
  if (typeof value !== "string") throw bad(where, "a text");
  return value;
}

/** A whole number, zero or more. */
export function countOf({ value, where }: Field): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw bad(where, "a whole number");
  return value;
}

/** One of a closed list of words. */
export function wordOf<T extends string>(words: readonly T[]): (field: Field) => T {
  return ({ value, where }) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw bad(where, `one of ${words.join(", ")}`);
    return word;
  };
}

/** What a parser that answers `null` for anything else makes of it. */
export function parsedBy<T>(parse: (value: unknown) => T | null, what: string): (field: Field) => T {
  return ({ value, where }) => {
    const parsed = parse(value);
    if (parsed === null) throw bad(where, what);
    return parsed;
  };
}

/** `null` stays `null`. */
export function nullable<T>(read: (field: Field) => T): (field: Field) => T | null {
  return (field) => (field.value === null ? null : read(field));
}

/** The member under its key when it is there; for spreading. */
export function maybe<K extends string, T>(
  key: K,
  field: Field,
  read: (field: Field) => T,
): Partial<Readonly<Record<K, T>>> {
  return field.value === undefined ? {} : ({ [key]: read(field) } as Readonly<Record<K, T>>);
}

function bad(where: string, expected: string) {
  return formatError("BAD_SBOM", { fields: { why: `${where} is not ${expected}` } });
}
