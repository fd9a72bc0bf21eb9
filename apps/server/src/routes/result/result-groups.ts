import { resultGroupsAnswer, resultGroupsQuery } from "@plimsoll/contract";
import { groupResults, type ResultGroups } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const resultGroups = route({
  method: "GET",
  path: "/secure/vulnerability/v1/result-groups",
  permission: "results.read",
  summary: "Numbers of a list of results and of its parts: registries, repositories, clusters, namespaces and more",
  description: "Counts rows, not findings: `rowsBySeverity.high` is how many rows a filter for `high` leaves.",
  schemas: { query: resultGroupsQuery, answer: resultGroupsAnswer },
  handle: async (services, { query, actor }) => {
    const { whole, rows, groups } = await groupResults(services, actor, query);
    return { whole: numbersOf(whole), groups, data: rows.map((row) => ({ ...numbersOf(row), value: row.value })) };
  },
});

function numbersOf({ value: _, newest, ...numbers }: ResultGroups["whole"]) {
  return { ...numbers, newest: newest?.toISOString() ?? null };
}
