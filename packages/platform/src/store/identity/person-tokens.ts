import type { Queryable } from "../transaction.ts";

/** A token as its owner sees it: never its text. */
export interface OwnToken {
  readonly id: number;
  readonly name: string;
  readonly team: number | null;
  readonly role: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
}

/** A person's tokens, also those that have expired; the newest first. */
export async function tokensOf(client: Queryable, person: number): Promise<readonly OwnToken[]> {
  const { rows } = await client.query<OwnToken>(
    `select id, name, team_id as team, role, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"
     from token where person_id = $1 order by id desc`,
    [person],
  );
  return rows;
}

/** Revokes one of a person's tokens; answers its name, `null`: there is none. */
export async function dropToken(client: Queryable, person: number, id: number): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    "delete from token where person_id = $1 and id = $2 returning name",
    [person, id],
  );
  return rows[0]?.name ?? null;
}

/** What a custom role (`role:ID`) was made of; `null`: there is no such role. */
export async function customPermissions(client: Queryable, role: string): Promise<readonly string[] | null> {
  const { rows } = await client.query<{ permissions: string[] }>(
    "select permissions from role where 'role:' || id = $1",
    [role],
  );
  return rows[0]?.permissions ?? null;
}
