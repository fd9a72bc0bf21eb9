import { platformError } from "../errors.ts";
import { type ZoneExpression, type ZoneOperator, zoneOperators } from "./condition.ts";

/** An expression as clients send it: one value or several, under either name. */
interface SentExpression {
  readonly field: string;
  readonly operator: string;
  readonly value?: string | readonly string[] | undefined;
  readonly values?: string | readonly string[] | undefined;
}

const signs: Readonly<Record<string, ZoneOperator>> = { "=": "is", "!=": "is_not", equals: "is", not_equals: "is_not" };

/** Expressions in one form: `is not` is `is_not`, one value is a list of one. Throws BAD_ZONE. */
export function readExpressions(sent: readonly SentExpression[]): readonly ZoneExpression[] {
  return sent.map(({ field, operator, value, values = value ?? [] }) => ({
    field,
    operator: operatorOf(operator),
    values: typeof values === "string" ? [values] : values,
  }));
}

function operatorOf(sent: string): ZoneOperator {
  const word = sent.trim().toLowerCase().replace(/\s+/g, "_");
  const known =
    (Object.hasOwn(signs, word) ? signs[word] : undefined) ?? zoneOperators.find((operator) => operator === word);
  if (known !== undefined) return known;
  const why = `${JSON.stringify(sent)} is no operator; there are ${zoneOperators.join(", ")}`;
  throw platformError("BAD_ZONE", { fields: { why } });
}
