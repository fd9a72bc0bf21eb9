import { acceptedScan, scanAnswer, submitScanRequest } from "@plimsoll/contract";
import { acceptOrSubmit, type ScanPreference } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { wholeAnswer } from "../../whole-answer.ts";

export const submit = route({
  method: "POST",
  path: "/secure/vulnerability/v1/scans",
  permission: "scans.send",
  counted: "scans",
  summary: "Have an analysis evaluated, and keep the result",
  description:
    "With `Prefer: respond-async` (RFC 7240), or when many scans are waiting, the answer is 202 with a job to follow; the " +
    "same request under its `key` is then answered as if it had been evaluated at once. `Prefer: wait=SECONDS` is never " +
    "answered 202, nor is what is not to be kept.",
  errors: { 202: acceptedScan.describe("Accepted: follow the job named by Location") },
  schemas: { body: submitScanRequest, answer: scanAnswer },
  handle: async (services, { body, actor, prefer }) => {
    const preference = preferenceOf(prefer);
    const answer = await acceptOrSubmit(services, actor, { scan: body, preference });
    if ("jobId" in answer) {
      const location = `/secure/vulnerability/v1/jobs/${answer.jobId}`;
      const applied = preference === "later" ? { "preference-applied": "respond-async" } : {};
      return wholeAnswer({ status: 202, headers: { location, ...applied }, body: { ...answer } });
    }
    const { resultId, report } = answer;
    if (body.answer === "report") return { resultId, report: { ...report } };
    const { verdict, evaluatedAt, stage, knowledge, problems } = report;
    return { resultId, report: { verdict, evaluatedAt, stage, knowledge, problems } };
  },
});

/** RFC 7240: words apart by commas, each with a value and parameters perhaps; what is not known is passed over. */
function preferenceOf(prefer: string | null): ScanPreference {
  const names = (prefer ?? "").split(",").map((word) => word.split(/[=;]/)[0]?.trim().toLowerCase());
  if (names.includes("respond-async")) return "later";
  return names.includes("wait") ? "now" : "either";
}
