/** JSON that PostgreSQL takes: a text may hold no NUL and no half of a surrogate pair; either becomes U+FFFD. */
export function jsonForStore(value: unknown): string {
  const json = JSON.stringify(value);
  return mayBeRefused.test(json) ? JSON.stringify(value, cleaned) : json;
}

/** How JSON writes a NUL and half a pair (ECMA-262, QuoteJSONString); a text that only looks like it is cleaned to itself. */
const mayBeRefused = /\\u(?:0000|d[89a-f])/;

function cleaned(_: string, inner: unknown): unknown {
  return typeof inner === "string" ? inner.toWellFormed().replaceAll("\0", "\ufffd") : inner;
}
