import { plainText } from "@plimsoll/kit";

const hidden = "[hidden]";

/** Names of fields whose values nobody may read in a log. */
const secretName = /pass(?:word|wd)?|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key/i;

/** Texts that are secrets wherever they stand. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\bplm_[\w-]{8,}/g, "plm_[hidden]"],
  [/\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  // The password of an address: scheme://user:password@host
  [/(:\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${hidden}@`],
  [/([?&;\s](?:password|token|secret|access_token|api_?key)=)[^&\s;]+/gi, `$1${hidden}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
];

const deepest = 4;
const longest = 2000;

/** A text without secrets and with control characters made harmless. */
export function safeText(text: string): string {
  const bounded = text.slice(0, 2 * longest);
  return plainText(
    secretTexts.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), bounded),
    longest,
  );
}

/** Fields of a log line, safe to write: no secrets, no control characters, no endless depth. */
export function safeFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return safeObject(fields, 0);
}

function safeObject(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      plainText(name, 100),
      secretName.test(name) && typeof value !== "number" ? hidden : safeValue(value, depth),
    ]),
  );
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return safeText(value);
  if (value instanceof Error) return safeText(value.message);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === deepest) return "…";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => safeValue(item, depth + 1));
  return safeObject(value, depth + 1);
}
