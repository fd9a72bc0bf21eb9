/** Tells whether a value of unknown origin has a type. */
export type Check<T> = (value: unknown) => value is T;

interface Optional<T> {
  readonly optional: Check<T>;
}

type IsOptional<T, K extends keyof T> = Partial<Pick<T, K>> extends Pick<T, K> ? true : false;

/** One check for every field a type has: a field added to the type and forgotten here does not compile. */
type Fields<T> = {
  readonly [K in keyof T]-?: IsOptional<T, K> extends true ? Optional<Exclude<T[K], undefined>> : Check<T[K]>;
};

export const text: Check<string> = (value): value is string => typeof value === "string";

export const count: Check<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** One of the words. */
export function wordOf<T>(words: Iterable<T>): Check<T> {
  const all = new Set<unknown>(words);
  return (value): value is T => all.has(value);
}

/** What a reader of texts accepts, as {@link Check} of the texts. */
export function readBy<T extends string>(parse: (value: unknown) => T | null): Check<T> {
  return (value): value is T => parse(value) !== null;
}

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

export function pairOf<A, B>(first: Check<A>, second: Check<B>): Check<readonly [A, B]> {
  return (value): value is readonly [A, B] =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
}

export function tableOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isRecord(value) && Object.values(value).every(check);
}

export function optional<T>(check: Check<T>): Optional<T> {
  return { optional: check };
}

/** A record with these fields and no others. */
export function recordOf<T extends object>(fields: Fields<T>): Check<T> {
  const checks = new Map(
    Object.entries<Check<unknown> | Optional<unknown>>(fields).map(([name, field]) => [
      name,
      typeof field === "function" ? { check: field, isNeeded: true } : { check: field.optional, isNeeded: false },
    ]),
  );
  const needed = [...checks].filter(([, { isNeeded }]) => isNeeded).map(([name]) => name);
  return (value): value is T =>
    isRecord(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, one]) => checks.get(name)?.check(one) === true);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
