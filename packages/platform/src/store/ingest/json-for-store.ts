/** JSON that PostgreSQL takes: a text may hold no NUL and no half of a surrogate pair; either becomes U+FFFD. */
export function jsonForStore(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? cleaned(inner) : inner));
}

function cleaned(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
