import { differenceAnswer, differenceQuery, resultNowAnswer } from "@plimsoll/contract";
import { diffFormats } from "@plimsoll/formats";
import type { Difference, Finding } from "@plimsoll/model";
import { diffResults, readResultNow } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";
import { tool } from "../../tool.ts";
import { nowPath, wholeResult } from "./whole-result.ts";

const id = z.string().max(300);
const anything = z.record(z.string(), z.unknown());

export const resultNow = route({
  method: "GET",
  path: "/secure/vulnerability/v1/results/:resultId/now",
  permission: "results.read",
  summary: "A result judged with what is known today, and what differs from what was answered then",
  schemas: { params: z.object({ resultId: id }), answer: anything, shows: resultNowAnswer },
  handle: async (services, { params: { resultId }, actor }) => {
    const { kept, report, difference } = await readResultNow(services, actor, resultId);
    const { evaluatedAt, knowledge, verdict } = kept.report;
    return {
      ...wholeResult("json-v1", { report, name: kept.name }),
      resultId: kept.id,
      sbomId: kept.sbomId,
      isFrozen: false,
      nowKnown: nowPath(kept.id),
      answeredThen: { evaluatedAt, knowledge, verdict },
      changes: documentOf(difference),
      fixesMoved: fixesMoved(difference),
    };
  },
});

export const resultDifference = route({
  method: "GET",
  path: "/secure/vulnerability/v1/results/:resultId/diff/:laterId",
  permission: "results.read",
  summary: "What differs between two results: packages, findings, layers, policies",
  schemas: {
    params: z.object({ resultId: id, laterId: id }),
    query: differenceQuery,
    answer: anything,
    shows: differenceAnswer,
  },
  handle: async (services, { params: { resultId, laterId }, query: { judged }, actor }) =>
    documentOf(await diffResults(services, actor, { before: resultId, after: laterId, judged })),
});

/** The document of `plimsoll diff --output json`. */
function documentOf(difference: Difference): Record<string, unknown> {
  const text = { columns: 80, colors: false, everyRow: true };
  const format = diffFormats.find(({ name }) => name === "json");
  return JSON.parse(format?.write(difference, { scanner: tool, text }) ?? "{}");
}

/** A fix that moved makes a finding neither better nor worse, and still is worth knowing. */
function fixesMoved({ findings }: Difference) {
  return findings.flatMap(({ state, before, after, package: change }) => {
    const isMoved = state === "unchanged" && before?.fixVersion !== after?.fixVersion;
    return isMoved && after !== null ? [movedFix(after, before?.fixVersion, change.after)] : [];
  });
}

function movedFix(
  { vulnerability, severity, fixVersion }: Finding,
  before: string | undefined,
  pkg: Difference["packages"][number]["after"],
) {
  const { name = "", version = "" } = pkg ?? {};
  return { vulnerability, package: name, version, severity, before: before ?? null, after: fixVersion ?? null };
}
