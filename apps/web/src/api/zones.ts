import type { Zone } from "@plimsoll/contract";
import { queryOptions } from "@tanstack/react-query";
import { ask } from "./client.ts";

const path = "/platform/v1/zones";

export const zonesQuery = queryOptions({
  queryKey: ["zones"],
  queryFn: async ({ signal }) => (await ask<{ data: readonly Zone[] }>(path, { signal })).data,
});

export interface ZoneToKeep {
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly { readonly targetType: string; readonly rules: string }[];
}

export function saveZone(id: number | null, body: ZoneToKeep): Promise<Zone> {
  return id === null ? ask<Zone>(path, { method: "POST", body }) : ask<Zone>(`${path}/${id}`, { method: "PUT", body });
}

export function deleteZone(id: number): Promise<void> {
  return ask<void>(`${path}/${id}`, { method: "DELETE" });
}
