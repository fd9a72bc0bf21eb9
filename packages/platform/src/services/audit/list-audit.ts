import { type Actor, demand } from "../../identity/actor.ts";
import { type AuditQuery, type AuditRow, auditRows } from "../../store/audit/list-audit.ts";
import type { Services } from "../services.ts";

/** Who did what, the newest first. Throws FORBIDDEN, and what reading filter and cursor throws. */
export async function listAudit(
  { pool }: Services,
  actor: Actor,
  query: AuditQuery,
): Promise<{ readonly rows: readonly AuditRow[]; readonly next: string | null }> {
  demand(actor, "audit.read");
  return auditRows(pool, query);
}
