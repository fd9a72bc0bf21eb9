/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The document as a JSON object; `null` when it is not UTF-8 JSON or not an object. */
export function parseObject(bytes: Uint8Array): JsonObject | null {
  return objectOf(parseJson(bytes));
}

/** Any JSON value; `null` when it cannot be read. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return null; // The parser's message would quote the document.
  }
}

/** The value when it is an object and no array. */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The members of an array; of anything else none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is text, else `""`. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The texts of an array. */
export function textsOf(value: unknown): string[] {
  return itemsOf(value).filter((item) => typeof item === "string");
}

/** The members of an object that are text, sorted by name. */
export function textTableOf(value: unknown): Record<string, string> {
  const pairs = Object.entries(objectOf(value) ?? {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
