import { scanAnswer, submitScanRequest } from "@plimsoll/contract";
import { submitScan } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const submit = route({
  method: "POST",
  path: "/secure/vulnerability/v1/scans",
  permission: "scans.send",
  summary: "Have an uploaded analysis evaluated, and keep the result",
  schemas: { body: submitScanRequest, answer: scanAnswer },
  handle: async (services, { body, actor }) => {
    const { resultId, report } = await submitScan(services, actor, body);
    return { resultId, report: { ...report } };
  },
});
