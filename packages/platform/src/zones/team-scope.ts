import { platformError } from "../errors.ts";
import { conditionPath } from "./jsonpath.ts";
import { parseRules } from "./parse-rules.ts";

/** The private scope of a team as a jsonpath: rules over the labels of what it sees; `null` for none. Throws BAD_ZONE. */
export function teamScopePath(filter: string): string | null {
  const condition = parseRules(filter);
  if (condition === null) return null;
  if (/[\p{Cc}\p{Cs}]/u.test(filter))
    throw platformError("BAD_ZONE", { fields: { why: "it holds control characters" } });
  return conditionPath(condition, (label) => ({ kind: "text", path: ["scope", label] }));
}
