import type { Condition, ZoneComparison } from "./condition.ts";
import { type FieldPlace, placeOf } from "./fields.ts";
import type { FilterCondition, ZoneScopes } from "./zone-scopes.ts";

/**
 * Scopes as one SQL/JSON path predicate over an asset's facts (PostgreSQL's jsonpath). Every value is a quoted string
 * literal of that language, in which JSON's escapes hold; parts of texts are compared as they are (flag q).
 */
export function jsonpathOf(scopes: ZoneScopes<FilterCondition>): string {
  return scopes.map((filters) => either(filters.map(filterPath))).join(" && ");
}

function filterPath({ resourceType, condition }: FilterCondition): string {
  const isOfType = `$.type[*] == ${literal(resourceType)}`;
  return condition === null
    ? `(${isOfType})`
    : `(${isOfType} && ${conditionPath(condition, (field) => placeOf(resourceType, field))})`;
}

/** Where a field lies. */
type Places = (field: string) => FieldPlace | null;

/** A condition over an asset's facts. */
export function conditionPath(condition: Condition, placeOfField: Places): string {
  if (condition.kind === "not") return `!(${conditionPath(condition.part, placeOfField)})`;
  if (condition.kind === "comparison") return comparison(condition, placeOfField(condition.field));
  const parts = condition.parts.map((part) => conditionPath(part, placeOfField));
  return condition.kind === "or" ? either(parts) : `(${parts.join(" && ")})`;
}

function comparison({ operator, values }: ZoneComparison, place: FieldPlace | null): string {
  const compared = (of: string) =>
    either(
      values.map((value) =>
        operator === "in" ? `${of} == ${literal(value)}` : `${of} like_regex ${literal(value)} flag "q"`,
      ),
    );
  // A field that no type has never gets here; it would match nothing.
  if (place === null) return "($.type == null)";
  if (place.kind === "text") return compared(`$${place.path.map((step) => `.${literal(step)}`).join("")}`);
  if (place.kind === "labels") return compared(`$.${place.list}[*].t`);
  return `exists($.${place.list}[*] ? (@.k == ${literal(place.key)} && ${compared("@.v")}))`;
}

function either(parts: readonly string[]): string {
  return `(${parts.join(" || ")})`;
}

function literal(text: string): string {
  return JSON.stringify(text);
}
