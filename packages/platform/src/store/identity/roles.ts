import { listRows, type Page, type PageQuery } from "../paged-rows.ts";
import type { Queryable } from "../transaction.ts";

/** A role made of rows of the table of permissions. */
export interface CustomRole {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** As they were given; what they need comes with them. */
  readonly permissions: readonly string[];
}

const columns = "r.id, r.name, r.description, r.permissions";

export function rolesPage(client: Queryable, query: PageQuery): Promise<Page<CustomRole>> {
  return listRows<CustomRole>(client, {
    columns,
    from: "role r",
    where: "true",
    fields: { name: "r.name", id: "r.id" },
    query,
  });
}

export async function roleOfId(client: Queryable, id: number): Promise<CustomRole | null> {
  const { rows } = await client.query<CustomRole>(`select ${columns} from role r where r.id = $1`, [id]);
  return rows[0] ?? null;
}

/** Permissions of a role that is about to be given: nobody deletes it meanwhile. `null`: there is none. */
export async function roleForUse(client: Queryable, id: number): Promise<readonly string[] | null> {
  const { rows } = await client.query<{ permissions: string[] }>(
    "select permissions from role where id = $1 for share",
    [id],
  );
  return rows[0]?.permissions ?? null;
}

/** A role that is about to be changed or deleted: nobody is given it meanwhile. */
export async function roleForChange(client: Queryable, id: number): Promise<CustomRole | null> {
  const { rows } = await client.query<CustomRole>(`select ${columns} from role r where r.id = $1 for update`, [id]);
  return rows[0] ?? null;
}

type Content = Omit<CustomRole, "id">;

/** `null`: the name is taken. */
export async function addRole(client: Queryable, { name, description, permissions }: Content): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    "insert into role (name, description, permissions) values ($1, $2, $3) on conflict (name) do nothing returning id",
    [name, description, permissions],
  );
  return rows[0]?.id ?? null;
}

/** Whether it was done; not when the name is another's. */
export async function changeRole(
  client: Queryable,
  { id, name, description, permissions }: CustomRole,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update role set name = $2, description = $3, permissions = $4
     where id = $1 and not exists (select from role o where o.name = $2 and o.id <> $1)`,
    [id, name, description, permissions],
  );
  return rowCount === 1;
}

export async function removeRole(client: Queryable, id: number): Promise<void> {
  await client.query("delete from role where id = $1", [id]);
}

/** How many members, tokens and teams have a role. */
export async function usersOfRole(client: Queryable, id: number) {
  const { rows } = await client.query<{ members: number; tokens: number; teams: number }>(
    `select (select count(*) from membership where role = $1) as members, (select count(*) from token where role = $1) as tokens,
       (select count(*) from team where default_role = $1) as teams`,
    [`role:${id}`],
  );
  return rows[0] ?? { members: 0, tokens: 0, teams: 0 };
}
