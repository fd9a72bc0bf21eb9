import { sessionsAnswer } from "@plimsoll/contract";
import { endOwnSession, ownSessions } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

export const listSessions = route({
  method: "GET",
  path: "/api/sessions",
  permission: "signed-in",
  summary: "Where one is signed in",
  schemas: { answer: sessionsAnswer },
  handle: async (services, { actor }) => ({
    sessions: (await ownSessions(services, actor)).map(({ createdAt, seenAt, ...session }) => ({
      ...session,
      createdAt: createdAt.toISOString(),
      seenAt: seenAt.toISOString(),
      isThisOne: session.id === actor.session,
    })),
  }),
});

export const endSessionById = route({
  method: "DELETE",
  path: "/api/sessions/:id",
  permission: "signed-in",
  summary: "End one of one's own sessions",
  status: 204,
  schemas: {
    params: z.object({
      id: z.coerce
        .number()
        .int()
        .positive()
        .max(2 ** 31 - 1),
    }),
  },
  handle: async (services, { actor, params: { id } }) => {
    await endOwnSession(services, actor, id);
    return undefined;
  },
});
