import type { Condition, ZoneComparison } from "./condition.ts";
import { placeOf, type ResourceType } from "./fields.ts";
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
  return condition === null ? `(${isOfType})` : `(${isOfType} && ${pathOf(condition, resourceType)})`;
}

function pathOf(condition: Condition, type: ResourceType): string {
  if (condition.kind === "not") return `!(${pathOf(condition.part, type)})`;
  if (condition.kind === "comparison") return comparison(condition, type);
  const parts = condition.parts.map((part) => pathOf(part, type));
  return condition.kind === "or" ? either(parts) : `(${parts.join(" && ")})`;
}

function comparison({ field, operator, values }: ZoneComparison, type: ResourceType): string {
  const place = placeOf(type, field);
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
