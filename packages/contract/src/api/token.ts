import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";
import { nameText } from "./paging.ts";

const ownToken = z.object({
  id: z.int(),
  name: z.string(),
  team: z.int().nullable(),
  role: z.string(),
  createdAt: wireUtcInstant,
  expiresAt: wireUtcInstant.nullable(),
  lastUsedAt: wireUtcInstant.nullable(),
});

export const ownTokensAnswer = z.object({ tokens: z.array(ownToken) }).meta({ id: "OwnTokensAnswer" });

export const createOwnTokenRequest = z
  .object({
    name: nameText,
    team: z
      .int()
      .positive()
      .nullable()
      .optional()
      .describe("absent: the team acted for; null: all, for administrators"),
    role: z.string().max(100).optional().describe("absent: one's own role there"),
    expiresAt: z.iso.datetime({ offset: true }).describe("within 366 days"),
  })
  .meta({ id: "CreateOwnTokenRequest" });

export const createdOwnTokenAnswer = z
  .object({ token: ownToken.extend({ key: z.string().describe("shown this once") }) })
  .meta({ id: "CreatedOwnTokenAnswer" });

/** The token that asks, as the reference's clients read it (contract 1.4). */
export const askingTokenAnswer = z.object({ token: z.object({ key: z.string() }) }).meta({ id: "AskingTokenAnswer" });

export type OwnToken = z.output<typeof ownToken>;
