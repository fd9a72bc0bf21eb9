import { reportFormats } from "@plimsoll/formats";
import { type KeptResult, readResult } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { tool } from "../../tool.ts";

const params = z.object({ resultId: z.string().max(200) });
const anything = z.record(z.string(), z.unknown());

export const fullResult = route({
  method: "GET",
  path: "/secure/vulnerability/v1/results/:resultId",
  permission: "results.read",
  summary: "One result, whole: packages, vulnerabilities, layers, policies",
  schemas: { params, answer: anything },
  handle: async (services, { params: { resultId }, actor }) =>
    resultIn("json-v1", await readResult(services, actor, resultId)),
});

export const fullResultBeta = route({
  method: "GET",
  path: "/secure/vulnerability/v1beta1/results/:resultId",
  permission: "results.read",
  summary: "One result, whole, in the older shape that Harbor's adapter reads",
  schemas: { params, answer: z.object({ result: anything }) },
  handle: async (services, { params: { resultId }, actor }) => ({
    result: resultIn("json-v0", await readResult(services, actor, resultId)),
  }),
});

/** The inner document of a report format: without what wraps it in a file. */
function resultIn(name: string, { report, name: pullString }: KeptResult): Record<string, unknown> {
  const format = reportFormats.find((candidate) => candidate.name === name);
  const options = { scanner: tool, scanTime: report.evaluatedAt, scanDurationMs: 0, pullString, layers: true, text };
  const whole: { readonly result: Record<string, unknown> } = JSON.parse(format?.write(report, options) ?? "{}");
  return whole.result;
}

/** Asked of every format; those of the API have no text for people. */
const text = {
  columns: 80,
  colors: false,
  everyFinding: false,
  everyRule: false,
  groupBy: "nothing",
  reference: false,
} as const;
