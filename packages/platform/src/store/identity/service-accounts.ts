import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** A program's access: a token that is nobody's. */
export interface ServiceAccount {
  readonly id: number;
  readonly name: string;
  /** `null`: the whole installation. */
  readonly team: number | null;
  readonly role: string;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
}

const columns = `k.id, k.name, k.team_id as team, k.role, k.created_at as "createdAt", k.updated_at as "updatedAt",
  k.expires_at as "expiresAt", k.used_at as "usedAt"`;
const fields = {
  name: "k.name",
  id: "k.id",
  dateCreated: "k.created_at",
  expirationDate: "k.expires_at",
  lastUsed: "k.used_at",
};

/** Service accounts of a team, or (`null`) of the whole installation. Throws BAD_VALUE. */
export function serviceAccountsPage(
  client: Queryable,
  team: number | null,
  query: PageQuery,
): Promise<Page<ServiceAccount>> {
  const where = "k.person_id is null and k.team_id is not distinct from $1";
  return listRows<ServiceAccount>(client, { columns, from: "token k", where, values: [team], fields, query });
}

export async function serviceAccountOfId(client: Queryable, id: number): Promise<ServiceAccount | null> {
  const { rows } = await client.query<ServiceAccount>(
    `select ${columns} from token k where k.id = $1 and k.person_id is null`,
    [id],
  );
  return rows[0] ?? null;
}

export async function renameServiceAccount(
  client: Queryable,
  id: number,
  { name, now }: { readonly name: string; readonly now: number },
): Promise<void> {
  await client.query("update token set name = $2, updated_at = $3 where id = $1", [id, name, new Date(now)]);
}

export async function removeServiceAccount(client: Queryable, id: number): Promise<void> {
  await client.query("delete from token where id = $1", [id]);
}

/** How many a team or the installation has; nobody makes another until the transaction ends. */
export async function countServiceAccounts(client: Queryable, team: number | null): Promise<number> {
  await client.query("select pg_advisory_xact_lock(7213, $1)", [team ?? 0]);
  const { rows } = await client.query<{ n: number }>(
    "select count(*) as n from token where person_id is null and team_id is not distinct from $1",
    [team],
  );
  return rows[0]?.n ?? 0;
}
