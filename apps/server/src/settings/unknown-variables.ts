import type { Environment } from "../config.ts";
import { settings } from "./settings-table.ts";

/** Variables of our name that other programs of ours read, or our tests. */
const others = [
  "PLIMSOLL_COMPAT",
  "PLIMSOLL_DB_KEY",
  "PLIMSOLL_DB_SIGN_KEY",
  "PLIMSOLL_DB_URL",
  "PLIMSOLL_DEBUG",
  "PLIMSOLL_FUZZ_RUNS",
  "PLIMSOLL_PROPERTY_RUNS",
  "PLIMSOLL_REVISION",
] as const;

/** What Kubernetes sets in every container beside a Service that is called plimsoll or plimsoll-…; names have 63 letters at most. */
const ofKubernetes =
  /^PLIMSOLL_(?:\w{1,63}_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w{1,63})?|PORT(?:_\d{1,5}_(?:TCP|UDP|SCTP)(?:_\w{1,5})?)?)$/;

/** One line for each variable of our name that nobody reads: most are typos. */
export function unknownVariables(env: Environment): readonly string[] {
  const known: readonly string[] = [...Object.values(settings).map(({ variable }) => variable), ...others];
  return Object.keys(env)
    .filter((name) => name.startsWith("PLIMSOLL_") && !known.includes(name) && !ofKubernetes.test(name))
    .sort()
    .map((name) => {
      const [nearest = ""] = known.toSorted((a, b) => distance(name, a) - distance(name, b));
      return `${name} is read by nobody: is ${nearest} meant?`;
    });
}

/** Letters to insert, delete or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
