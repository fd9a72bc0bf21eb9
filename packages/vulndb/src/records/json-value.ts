/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as a JSON object; `null` when it is anything else. */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The elements of a JSON array that are objects; empty when the value is no array. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.map(objectOf).filter((element) => element !== null);
}

/** The member at a path of names, each step through an object; `undefined` where there is none. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let at: unknown = value;
  for (const name of path) {
    const holder = objectOf(at);
    if (holder === null || !Object.hasOwn(holder, name)) return undefined;
    at = holder[name];
  }
  return at;
}

/** The value as text that says something; `null` when it is no string or blank. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** The value as a finite number, digits in a string included (feeds do both); else `null`. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d{1,15}(\.\d{1,20})?$/.test(value) ? Number(value) : null;
}

/** The strings of a JSON array; empty when the value is no array. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf).filter((element) => element !== null) : [];
}
