import type { AuditEvent } from "@plimsoll/contract";
import type { Query } from "./client.ts";
import { cursorQuery } from "./list-page.ts";

/** Who did what, the newest first. */
export function auditQuery(query: Query) {
  return cursorQuery<AuditEvent>("/platform/v1/platform-audit-events", query);
}
