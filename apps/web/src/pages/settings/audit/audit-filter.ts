interface Wanted {
  readonly who?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
}

const fields = [
  ["who", "actorName", "contains"],
  ["action", "action", "startsWith"],
  ["subject", "subject", "contains"],
] as const;

/** The log's filter, in the language of all lists; "" for everything. */
export function auditFilter(wanted: Wanted): string {
  return fields
    .flatMap(([name, field, operator]) => {
      const text = wanted[name]?.trim();
      return text === undefined || text === "" ? [] : [`${field} ${operator} ${quoted(text)}`];
    })
    .join(" and ");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
