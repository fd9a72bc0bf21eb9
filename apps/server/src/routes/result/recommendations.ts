import { recommendationsAnswer, recommendationsQuery } from "@plimsoll/contract";
import { recommend } from "@plimsoll/formats";
import { readResult } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

export const recommendations = route({
  method: "GET",
  path: "/secure/vulnerability/v1/results/:resultId/recommendations",
  permission: "results.read",
  summary: "What to do about a result, what clears most first, with the command where there is one",
  schemas: {
    params: z.object({ resultId: z.string().max(300) }),
    query: recommendationsQuery,
    answer: recommendationsAnswer,
  },
  handle: async (services, { params: { resultId }, query: { limit }, actor }) => {
    const { id, report } = await readResult(services, actor, resultId);
    const all = recommend(report);
    const data = all.slice(0, limit).map(({ fixes, versions, clears, layers, ...rest }) => ({
      ...rest,
      versions: [...versions],
      clears: { ...clears },
      layers: [...layers],
      fixes: fixes.map(({ kind, words }) => ({ kind, text: words.join(" ") })),
    }));
    return { resultId: id, total: all.length, data };
  },
});
