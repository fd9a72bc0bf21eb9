import type { Actor } from "../../identity/actor.ts";
import { jsonForStore } from "../ingest/json-for-store.ts";
import type { Queryable } from "../transaction.ts";

/** One change: what was done to what. */
export interface AuditEntry {
  /** `THING.VERB`: `team.create`, `person.update`, `session.create`. */
  readonly action: string;
  /** What was changed: `team:5`, `person:1`, a result's id. */
  readonly subject: string;
  /** What else a reader needs: names, old and new values. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** ms since the epoch. */
  readonly at: number;
}

/** Writes down who did what from where; in the transaction of the change itself, so that there is never one without the other. */
export async function recordAudit(
  client: Queryable,
  actor: Pick<Actor, "id" | "name" | "address">,
  { action, subject, detail, at }: AuditEntry,
): Promise<void> {
  await client.query(
    `insert into audit (at, actor, actor_name, address, action, subject, detail) values ($1, $2, $3, $4, $5, $6, $7)`,
    [new Date(at).toISOString(), actor.id, actor.name, actor.address, action, subject, jsonForStore(detail ?? {})],
  );
}
