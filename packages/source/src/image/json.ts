/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The document as a JSON object; `null` when it is not UTF-8 JSON or not an object. */
export function parseObject(bytes: Uint8Array): JsonObject | null {
  return objectOf(parseJson(bytes));
}

/** Levels of a document: those of images have some ten. */
const deepest = 500;
/** Objects and lists of a document: an empty one costs memory for fifty times its two bytes. */
const mostContainers = 500_000;
/** What shorter documents cost does not matter. */
const worthLooking = 64 * 1024;

/** Any JSON value; `null` when it cannot be read or is made to fill memory. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > worthLooking && isBomb(bytes)) return null;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return null; // The parser's message would quote the document.
  }
}

function isBomb(bytes: Uint8Array): boolean {
  let depth = 0;
  let containers = 0;
  for (const step of levelSteps(bytes)) {
    depth += step;
    containers += step > 0 ? 1 : 0;
    if (depth > deepest || containers > mostContainers) return true;
  }
  return false;
}

/** 1 where a list or an object begins, -1 where it ends; brackets within texts are none. */
function* levelSteps(bytes: Uint8Array): Generator<number, void, undefined> {
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) inText = !inText;
    else if (byte === backslash) at++;
    else if (!inText && steps.has(byte)) yield steps.get(byte) ?? 0;
  }
}

const [quote, backslash] = [0x22, 0x5c];
const steps: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

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
