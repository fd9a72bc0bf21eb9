import { foreignLimits } from "./foreign.ts";

/** The member of whatever this is; `undefined` when it has none. Reads nothing inherited. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** Its elements when it is a list, none otherwise. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text when it is one, "" otherwise; cut to the limit. */
export function text(value: unknown): string {
  return typeof value === "string" ? value.slice(0, foreignLimits.textLength).toWellFormed() : "";
}

/** The text of a member; "" when there is none. */
export function textAt(value: unknown, key: string): string {
  return text(member(value, key));
}
