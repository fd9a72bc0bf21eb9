/** A CVE id as the CVE record format defines it (`^CVE-[0-9]{4}-[0-9]{4,19}$`); `null` for anything else. */
export function cveIdOf(value: unknown): string | null {
  return typeof value === "string" && /^CVE-\d{4}-\d{4,19}$/.test(value) ? value : null;
}

/** Whether it can be the id of any database: letters, then anything printable that needs no quoting. */
export function isAdvisoryId(name: string): boolean {
  return /^[A-Za-z][\w.:-]{2,80}$/.test(name);
}

/** `CWE-79` from a weakness field; NVD's own words (`NVD-CWE-noinfo`) are none and give `null`. */
export function cweOf(value: unknown): string | null {
  return typeof value === "string" ? (/^CWE-\d{1,6}(?!\d)/.exec(value)?.[0] ?? null) : null;
}

/** The CWEs that weakness fields name, sorted, each once; `undefined` when they name none. */
export function cwesField(values: readonly unknown[]): string[] | undefined {
  const cwes = [...new Set(values.map(cweOf).filter((cwe) => cwe !== null))].sort();
  return cwes.length === 0 ? undefined : cwes;
}

/**
 * A published date as RFC 3339 or YYYY-MM-DD; a time without zone is UTC (NVD API 2.0 writes them so). `undefined` when
 * it cannot be read or lies outside 1980 to 2199, which no vulnerability does.
 */
export function dateField(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 40) return undefined;
  const match = /^(\d{4})-\d\d-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(value);
  const year = Number(match?.[1]);
  if (match === null || year < 1980 || year > 2199) return undefined;
  const isDay = match[3] === undefined;
  const ms = Date.parse(isDay || match[6] !== undefined ? value : `${value}Z`);
  // Date.parse makes 3 March of 31 February.
  const dayExists = new Date(`${value.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(match[2]);
  if (Number.isNaN(ms) || !dayExists) return undefined;
  const iso = new Date(ms).toISOString();
  return isDay ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`;
}

/** Prose on one line, cut at 4,000 characters; `undefined` when there is none. */
export function proseField(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.slice(0, 4_000).replace(/\s+/g, " ").trim();
  return text === "" ? undefined : text.toWellFormed();
}

/** The object without members that are `undefined`, as `exactOptionalPropertyTypes` wants it. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
