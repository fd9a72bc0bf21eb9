/** What a zone asks of an asset, put together from comparisons. */
export type Condition =
  | ZoneComparison
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition };

/** `in`: one of the values exactly; `contains`: one of the values is a part of it. */
export interface ZoneComparison {
  readonly kind: "comparison";
  readonly field: string;
  readonly operator: "in" | "contains";
  readonly values: readonly string[];
}

/** One comparison as version 2 of the API writes it. */
export interface ZoneExpression {
  readonly field: string;
  readonly operator: ZoneOperator;
  readonly values: readonly string[];
}

export const zoneOperators = ["in", "not_in", "is", "is_not", "contains", "not_contains"] as const;
export type ZoneOperator = (typeof zoneOperators)[number];

/** The comparisons of one filter, all of which must hold. */
export function conditionOf(expressions: readonly ZoneExpression[]): Condition {
  const parts = expressions.map(({ field, operator, values }): Condition => {
    const isContained = operator === "contains" || operator === "not_contains";
    const part = { kind: "comparison", field, operator: isContained ? "contains" : "in", values } as const;
    return operator.includes("not") ? { kind: "not", part } : part;
  });
  return { kind: "and", parts };
}

/** A condition as comparisons that must all hold; `null`: it cannot be said so. */
export function expressionsOf(condition: Condition): readonly ZoneExpression[] | null {
  if (condition.kind === "and") {
    const parts = condition.parts.map(expressionsOf);
    return parts.every((part) => part !== null) ? parts.flat() : null;
  }
  if (condition.kind === "comparison") return [expressionOf(condition, false)];
  if (condition.kind === "not" && condition.part.kind === "comparison") return [expressionOf(condition.part, true)];
  return null;
}

function expressionOf({ field, operator, values }: ZoneComparison, isNot: boolean): ZoneExpression {
  if (operator === "contains") return { field, operator: isNot ? "not_contains" : "contains", values };
  if (isNot && values.length === 1) return { field, operator: "is_not", values };
  return { field, operator: isNot ? "not_in" : "in", values };
}

/** The same in the rules language. */
export function rulesOf(expressions: readonly ZoneExpression[]): string {
  return expressions.map(({ field, operator, values }) => `${field} ${ruleOf(operator, values)}`).join(" and ");
}

function ruleOf(operator: ZoneOperator, values: readonly string[]): string {
  const list = `(${values.map(quoted).join(", ")})`;
  const [first = ""] = values;
  switch (operator) {
    case "in":
      return `in ${list}`;
    case "not_in":
      return `not in ${list}`;
    case "is":
      return values.length === 1 ? `= ${quoted(first)}` : `in ${list}`;
    case "is_not":
      return values.length === 1 ? `!= ${quoted(first)}` : `not in ${list}`;
    case "contains":
      return values.length === 1 ? `contains ${quoted(first)}` : `contains ${list}`;
    case "not_contains":
      return values.length === 1 ? `not contains ${quoted(first)}` : `not contains ${list}`;
  }
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
