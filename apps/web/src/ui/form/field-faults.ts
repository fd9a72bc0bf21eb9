import { ApiError } from "../../api/client.ts";

/** What a failed save says: which fields are at fault and why, and the lines that belong to none. */
export interface Faults {
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

export const noFaults: Faults = { fields: {}, rest: [] };

/**
 * Reads `{type, message, details[]}` for a form with these fields: lines `/name: why` go to their field, and so do errors
 * whose type speaks of one (`byType`: type of error → field).
 */
export function faultsOf(
  error: unknown,
  fields: readonly string[],
  byType: Readonly<Record<string, string>> = {},
): Faults {
  if (!(error instanceof ApiError))
    return { fields: {}, rest: [error instanceof Error ? error.message : String(error)] };
  const own = byType[error.type];
  if (own !== undefined) return { fields: { [own]: [error.message, ...error.details].join(": ") }, rest: [] };
  const lines = error.details.map((line) => ({ line, ...cut(line) }));
  const known = lines.filter(({ field }) => fields.includes(field));
  const others = lines.filter(({ field }) => !fields.includes(field)).map(({ line }) => line);
  return {
    // Of several lines about one field the first stays: it is about what was typed first.
    fields: Object.fromEntries(known.toReversed().map(({ field, why }) => [field, why])),
    rest: known.length > 0 && others.length === 0 ? [] : [error.message, ...others],
  };
}

/** `/login/password: too long` is about `login.password`, and about `login` where a form has no such field. */
function cut(line: string): { readonly field: string; readonly why: string } {
  const [, path = "", why = ""] = /^\/([^:]*): (.*)$/s.exec(line) ?? [];
  return { field: path.replaceAll("/", "."), why };
}
