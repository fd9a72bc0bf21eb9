import { askingTokenAnswer, createdOwnTokenAnswer, createOwnTokenRequest, ownTokensAnswer } from "@plimsoll/contract";
import { createOwnToken, type OwnToken, ownTokens, platformError, revokeOwnToken } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

const path = "/api/users/me/tokens";

function shown({ createdAt, expiresAt, usedAt, ...token }: OwnToken) {
  return {
    ...token,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: usedAt?.toISOString() ?? null,
  };
}

export const listOwnTokens = route({
  method: "GET",
  path,
  permission: "signed-in",
  summary: "One's own API tokens, without their texts",
  schemas: { answer: ownTokensAnswer },
  handle: async (services, { actor }) => ({ tokens: (await ownTokens(services, actor)).map(shown) }),
});

export const createOwnTokenRoute = route({
  method: "POST",
  path,
  permission: "signed-in",
  summary: "Make an API token of one's own; its text is shown this once",
  status: 201,
  schemas: { body: createOwnTokenRequest, answer: createdOwnTokenAnswer },
  handle: async (services, { actor, body }) => {
    const { token, text } = await createOwnToken(services, actor, body);
    return { token: { ...shown(token), key: text } };
  },
});

export const revokeOwnTokenRoute = route({
  method: "DELETE",
  path: `${path}/:id`,
  permission: "signed-in",
  summary: "Revoke one of one's own API tokens",
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
    await revokeOwnToken(services, actor, id);
    return undefined;
  },
});

/** The reference tells it again and again; ours keeps a hash alone, and knows a token only when it is sent. */
export const readAskingToken = route({
  method: "GET",
  path: "/api/token",
  permission: "signed-in",
  summary: "The token that asks (400 for a session: texts of tokens are shown once)",
  schemas: { answer: askingTokenAnswer },
  handle: async (_, { actor, visit }) => {
    if (actor.session !== null || visit.token === null) throw platformError("TOKEN_NOT_KEPT");
    return { token: { key: visit.token } };
  },
});
