import { knownLayersAnswer, knownLayersRequest } from "@plimsoll/contract";
import { knownLayers as ask } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const knownLayers = route({
  method: "POST",
  path: "/secure/vulnerability/v1/layers/known",
  permission: "scans.send",
  summary: "Which layers need not be sent: those that this token may lean on are known already",
  schemas: { body: knownLayersRequest, answer: knownLayersAnswer },
  handle: async (services, { body, actor }) => {
    const { understood, known } = await ask(services, actor, body);
    return { understood, known: [...known] };
  },
});
