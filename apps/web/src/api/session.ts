import { queryOptions } from "@tanstack/react-query";
import { ask, rememberCsrfToken } from "./client.ts";

/** Who is signed in. */
export interface Me {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly currentTeam: number | null;
  readonly permissions: readonly string[];
  readonly teams: readonly { readonly id: number; readonly name: string; readonly role: string }[];
  readonly mustChangePassword: boolean;
}

interface SessionAnswer {
  readonly csrfToken: string;
  readonly mustChangePassword: boolean;
}

/** Who is signed in; asked once, and again after a change of team or password. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const [{ user }, { csrfToken }] = await Promise.all([
      ask<{ user: Me }>("/api/users/me", { signal }),
      ask<SessionAnswer>("/api/session", { signal }),
    ]);
    rememberCsrfToken(csrfToken);
    return user;
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** Starts a session. Throws ApiError: 401 for a wrong name or password, 429 with too many attempts. */
export async function signIn(username: string, password: string): Promise<SessionAnswer> {
  const answer = await ask<SessionAnswer>("/api/session", { method: "POST", body: { username, password } });
  rememberCsrfToken(answer.csrfToken);
  return answer;
}

export async function signOut(): Promise<void> {
  await ask<undefined>("/api/session", { method: "DELETE" });
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<SessionAnswer> {
  const answer = await ask<SessionAnswer>("/api/users/me/password", {
    method: "PUT",
    body: { oldPassword, newPassword },
  });
  rememberCsrfToken(answer.csrfToken);
  return answer;
}

export async function switchTeam(team: number | null): Promise<void> {
  await ask<unknown>("/api/session/team", { method: "PUT", body: { team } });
}
