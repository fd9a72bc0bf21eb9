import { severities } from "@plimsoll/model";
import type { Extra, ParameterSchema, Parameters } from "./predicate.ts";

/** A parameter as text; "" when it is none (a validated policy never gets there). */
export function textOf(extra: Extra, name: string): string {
  const value = extra[name];
  return typeof value === "string" ? value : "";
}

/** A parameter as number; NaN when it is none, which no comparison passes. */
export function numberOf(extra: Extra, name: string): number {
  const value = extra[name];
  return typeof value === "number" ? value : Number.NaN;
}

/** A parameter as list of texts. */
export function textsOf(extra: Extra, name: string): string[] {
  const value = extra[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Why the parameters do not fit, one line; `null` when they do. Unknown parameters are ignored: older clients send more. */
export function extraFault(extra: Extra, { properties, required, anyOf = [] }: Parameters): string | null {
  const given = (name: string) => extra[name] !== undefined && extra[name] !== null;
  const missing = required.find((name) => !given(name)) ?? (anyOf.some(given) ? undefined : anyOf[0]);
  if (missing !== undefined) return `${missing} is missing`;
  const wrong = Object.entries(properties).find(([name, schema]) => given(name) && !fits(extra[name], schema));
  return wrong === undefined ? null : `${wrong[0]} must be ${wordsFor(wrong[1])}`;
}

function fits(value: unknown, schema: ParameterSchema): boolean {
  if (schema.type === "string") return typeof value === "string" && fitsText(value, schema);
  if (schema.type === "array") return Array.isArray(value) && fitsList(value, schema);
  if (typeof value !== "number" || (schema.type === "integer" && !Number.isInteger(value))) return false;
  return value >= schema.minimum && value <= schema.maximum;
}

function fitsText(value: string, schema: Extract<ParameterSchema, { type: "string" }>): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value);
  return schema.format === undefined || (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)));
}

function fitsList(value: readonly unknown[], schema: Extract<ParameterSchema, { type: "array" }>): boolean {
  const { items, minItems, maxItems } = schema;
  if (value.length < minItems || value.length > maxItems) return false;
  if (items.type === "string") return value.every((item) => typeof item === "string");
  return value.every((item) => {
    const fields: Extra = typeof item === "object" && item !== null ? { ...item } : {};
    return items.required.every((name) => typeof fields[name] === "string");
  });
}

function wordsFor(schema: ParameterSchema): string {
  if (schema.type === "array") return `a list of ${schema.minItems} to ${schema.maxItems} entries`;
  if (schema.type !== "string")
    return `a${schema.type === "integer" ? " whole" : ""} number from ${schema.minimum} to ${schema.maximum}`;
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  return schema.format === "date" ? "a date like 2026-01-31" : "text";
}

/** `1 day`, `30 days`: singular below two, as the vendor's own texts. */
export function days(count: number): string {
  return `${count} ${count < 2 ? "day" : "days"}`;
}

/** The parameter of severity rules: the five severities of the contract. */
export const levelParameter: Parameters = {
  properties: { level: { type: "string", enum: severities.filter((severity) => severity !== "unknown") } },
  required: ["level"],
};

/** A single required whole number. */
export function wholeNumber(name: string, minimum: number, maximum: number): Parameters {
  return { properties: { [name]: { type: "integer", minimum, maximum } }, required: [name] };
}

/** Required texts. */
export function texts(...names: readonly string[]): Parameters {
  return { properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])), required: names };
}
