import { askedJobAnswer, scanNowRequest } from "@plimsoll/contract";
import { requestScan } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const scanNow = route({
  method: "POST",
  path: "/secure/vulnerability/v1/scan-now",
  permission: "scan-now.run",
  summary: "Have the server pull and scan an image; follow the job for progress and result",
  status: 202,
  schemas: { body: scanNowRequest, answer: askedJobAnswer },
  handle: async (services, { body, actor }) => ({ jobId: await requestScan(services, actor, body) }),
});
