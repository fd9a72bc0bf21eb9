import type { SessionSeen } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

/** Where one is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) =>
    (await ask<{ sessions: readonly SessionSeen[] }>("/api/sessions", { signal })).sessions,
});

export function endSession(id: number): Promise<void> {
  return ask<void>(`/api/sessions/${id}`, { method: "DELETE" });
}
