import { PlimsollError } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import {
  type Condition,
  conditionOf,
  expressionsOf,
  rulesOf,
  type ZoneComparison,
  type ZoneExpression,
} from "./condition.ts";
import { fieldsOf, isResourceType, placeOf, type ResourceType, resourceTypes } from "./fields.ts";
import { parseRules } from "./parse-rules.ts";

/** What is asked of one type of resource: by rules, by expressions (all of which must hold), or nothing more. */
export interface NewZoneFilter {
  readonly resourceType: string;
  readonly rules?: string | undefined;
  readonly expressions?: readonly ZoneExpression[] | undefined;
}

/** A filter as it is kept. */
export interface ZoneFilter {
  readonly resourceType: ResourceType;
  /** As they were sent, or the same as the expressions. */
  readonly rules: string;
  /** Absent when the rules say more than expressions can. */
  readonly expressions?: readonly ZoneExpression[];
}

/** An asset lies in the zone when in each scope one of the filters holds. */
export type ZoneScopes<Filter = ZoneFilter> = readonly (readonly Filter[])[];

const mostScopes = 20;
const mostFilters = 100;
/** Version 1 of the API, which has no scopes that must all hold, shows each way through them. */
const mostWays = 200;
const mostValues = 1000;
const mostCharacters = 50_000;

/** Checks scopes and says what they ask. Throws BAD_ZONE, which names the place. */
export function readScopes(scopes: ZoneScopes<NewZoneFilter>): {
  readonly scopes: ZoneScopes;
  readonly conditions: ZoneScopes<FilterCondition>;
} {
  if (scopes.length === 0) throw bad("it has no scope");
  if (scopes.length > mostScopes) throw bad(`it has more than ${mostScopes} scopes`);
  const filters = scopes.flat().length;
  if (filters > mostFilters) throw bad(`it has more than ${mostFilters} filters`);
  if (scopes.reduce((ways, scope) => ways * scope.length, 1) > mostWays) {
    throw bad(`its scopes can be combined in more than ${mostWays} ways`);
  }
  if (JSON.stringify(scopes).length > mostCharacters) throw bad(`it has more than ${mostCharacters} characters`);
  const read = scopes.map((scope, at) => readScope(scope, at));
  return {
    scopes: read.map((scope) => scope.map(({ filter }) => filter)),
    conditions: read.map((scope) => scope.map(({ condition }) => condition)),
  };
}

/** A type of resource and what is asked of it; `null`: nothing more. */
export interface FilterCondition {
  readonly resourceType: ResourceType;
  readonly condition: Condition | null;
}

function readScope(scope: readonly NewZoneFilter[], at: number) {
  if (scope.length === 0) throw bad(`scope ${at + 1} has no filter`);
  return scope.map((filter, position) => {
    try {
      return readFilter(filter);
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code !== "BAD_ZONE") throw error;
      throw bad(`scope ${at + 1}, filter ${position + 1}: ${String(error.fields.why)}`);
    }
  });
}

function readFilter({ resourceType, rules = "", expressions = [] }: NewZoneFilter) {
  if (!isResourceType(resourceType)) {
    throw bad(`${JSON.stringify(resourceType)} is no type of resource; there are ${resourceTypes.join(", ")}`);
  }
  const hasRules = rules.trim() !== "";
  if (hasRules && expressions.length > 0 && rules !== rulesOf(expressions)) {
    throw bad("it has both rules and expressions, and they differ");
  }
  const said = expressions.length > 0 ? conditionOf(expressions) : parseRules(rules);
  if (said !== null) check(said, resourceType);
  const known = expressions.length > 0 ? expressions : said === null ? [] : expressionsOf(said);
  const kept = hasRules ? rules : rulesOf(expressions);
  const filter: ZoneFilter = {
    resourceType,
    rules: kept,
    ...(known !== null && known.length > 0 && { expressions: known }),
  };
  return { filter, condition: { resourceType, condition: said } };
}

function check(condition: Condition, type: ResourceType): void {
  for (const comparison of comparisonsOf(condition)) checkComparison(comparison, type);
}

function comparisonsOf(condition: Condition): readonly ZoneComparison[] {
  if (condition.kind === "comparison") return [condition];
  return condition.kind === "not" ? comparisonsOf(condition.part) : condition.parts.flatMap(comparisonsOf);
}

function checkComparison({ field, values }: ZoneComparison, type: ResourceType): void {
  if (placeOf(type, field) === null) {
    throw bad(`${type} has no field ${JSON.stringify(field)}; it has ${fieldsOf(type)}`);
  }
  const odd = [field, ...values].find((text) => !text.isWellFormed() || /\p{Cc}/u.test(text));
  if (odd !== undefined) throw bad(`${JSON.stringify(odd)} holds characters that no label has`);
  if (values.length === 0 || values.length > mostValues) throw bad(`${field} needs 1 to ${mostValues} values`);
  if (values.some((value) => value === "")) throw bad("a value may not be empty");
}

/** Scopes without those that must all hold: one filter for each way through them (contract 1.2, version 1). */
export function flatScopes(
  scopes: ZoneScopes,
): readonly { readonly targetType: ResourceType; readonly rules: string }[] {
  let ways: (readonly ZoneFilter[])[] = [[]];
  for (const scope of scopes) {
    // An asset of two types exists (a host of a cloud); asked for both, version 1 can say neither.
    ways = ways.flatMap((way) =>
      scope.flatMap((filter) =>
        way.every((other) => other.resourceType === filter.resourceType) ? [[...way, filter]] : [],
      ),
    );
  }
  return ways.flatMap((way) => {
    const [first, ...more] = way;
    if (first === undefined) return [];
    const asked = way.map(({ rules }) => rules).filter((rules) => rules.trim() !== "");
    const rules = more.length === 0 ? first.rules : asked.map((rule) => `(${rule})`).join(" and ");
    return [{ targetType: first.resourceType, rules }];
  });
}

function bad(why: string) {
  return platformError("BAD_ZONE", { fields: { why } });
}
