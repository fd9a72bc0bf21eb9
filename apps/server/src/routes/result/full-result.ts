import { fullResultAnswer, resultV0 } from "@plimsoll/contract";
import { readResult } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { wholeAnswer } from "../../whole-answer.ts";
import { nowPath, wholeResult } from "./whole-result.ts";

const params = z.object({ resultId: z.string().max(300) });
const anything = z.record(z.string(), z.unknown());

export const fullResult = route({
  method: "GET",
  path: "/secure/vulnerability/v1/results/:resultId",
  permission: "results.read",
  summary: "One result, whole: packages, vulnerabilities, layers, policies",
  description:
    "A pipeline's result is the document that was answered then, for ever the same; `Link: …; rel=\"latest-version\"` says that today's knowledge would judge it anew. Results of registries and workloads are judged with what is known now.",
  schemas: { params, answer: anything, shows: fullResultAnswer },
  handle: async (services, { params: { resultId }, actor }) => {
    const shown = await readResult(services, actor, resultId);
    const { id, sbomId, isFrozen } = shown;
    const nowKnown = nowPath(id);
    const body = { ...wholeResult("json-v1", shown), resultId: id, sbomId, isFrozen, nowKnown };
    // In a header: the body of a frozen result stays byte for byte what it was.
    return wholeAnswer({ body, headers: shown.hasNewerView ? { link: `<${nowKnown}>; rel="latest-version"` } : {} });
  },
});

export const fullResultBeta = route({
  method: "GET",
  path: "/secure/vulnerability/v1beta1/results/:resultId",
  permission: "results.read",
  summary: "One result, whole, in the older shape that Harbor's adapter reads",
  schemas: { params, answer: z.object({ result: anything }), shows: z.object({ result: resultV0 }) },
  handle: async (services, { params: { resultId }, actor }) => ({
    result: wholeResult("json-v0", await readResult(services, actor, resultId)),
  }),
});
