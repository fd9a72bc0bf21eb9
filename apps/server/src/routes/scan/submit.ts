import { scanAnswer, submitScanRequest } from "@plimsoll/contract";
import { submitScan } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const submit = route({
  method: "POST",
  path: "/secure/vulnerability/v1/scans",
  permission: "scans.send",
  counted: "scans",
  summary: "Have an analysis evaluated, and keep the result",
  schemas: { body: submitScanRequest, answer: scanAnswer },
  handle: async (services, { body, actor }) => {
    const { resultId, report } = await submitScan(services, actor, body);
    if (body.answer === "report") return { resultId, report: { ...report } };
    const { verdict, evaluatedAt, stage, knowledge, problems } = report;
    return { resultId, report: { verdict, evaluatedAt, stage, knowledge, problems } };
  },
});
