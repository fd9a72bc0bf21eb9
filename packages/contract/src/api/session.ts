import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";

const typedPassword = z.string().min(1).max(1000);

/** What no store takes in a text. */
const withoutNul = /^[^\0]*$/;

export const signInRequest = z
  .object({ username: z.string().min(1).max(300).regex(withoutNul), password: typedPassword })
  .meta({ id: "SignInRequest" });

/** The session itself is a cookie; this is what a page needs beside it. */
export const sessionAnswer = z
  .object({
    csrfToken: z.string().describe("send it as X-CSRF-Token with every request that changes something"),
    mustChangePassword: z.boolean().describe("nothing else is answered before the password is changed"),
  })
  .meta({ id: "SessionAnswer" });

export const passwordChangeRequest = z
  .object({ oldPassword: typedPassword, newPassword: typedPassword })
  .meta({ id: "PasswordChangeRequest" });

export const switchTeamRequest = z
  .object({ team: z.int().positive().nullable().describe("null: an administrator for the whole installation") })
  .meta({ id: "SwitchTeamRequest" });

export const sessionsAnswer = z
  .object({
    sessions: z.array(
      z.object({
        id: z.int(),
        createdAt: wireUtcInstant,
        seenAt: wireUtcInstant,
        address: z.string(),
        agent: z.string(),
        isThisOne: z.boolean(),
      }),
    ),
  })
  .meta({ id: "SessionsAnswer" });

export type SessionSeen = z.output<typeof sessionsAnswer>["sessions"][number];
