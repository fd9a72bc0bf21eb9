import type { Sealed } from "../../secrets/secret-keys.ts";
import type { Queryable } from "../transaction.ts";

/** A registry credential without its secret. */
export interface CredentialFacts {
  readonly name: string;
  /** `null`: every team's. */
  readonly team: number | null;
  readonly registry: string;
  readonly path: string;
  readonly type: string;
  readonly username: string;
  readonly skipTls: boolean;
  /** PEM; `null`: only the authorities that this server trusts anyhow. */
  readonly ca: string | null;
}

export interface CredentialRow extends CredentialFacts {
  readonly id: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface SealedCredential extends CredentialRow {
  readonly sealed: Sealed;
}

interface Columns extends CredentialRow {
  readonly keyId: string;
  readonly bytes: Buffer;
}

const shown = `id, team_id as team, name, registry, path, type, username, skip_tls as "skipTls", ca,
  created_by as "createdBy", created_at as "createdAt", updated_by as "updatedBy", updated_at as "updatedAt"`;
const whole = `${shown}, key_id as "keyId", sealed as bytes`;

/** The id of a credential that is about to be kept: its secret is sealed for that id. */
export async function nextCredentialId(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    "select nextval(pg_get_serial_sequence('registry_credential', 'id')) as id",
  );
  return rows[0]?.id ?? 0;
}

/** Who changed it, and when (ms since the epoch). */
export interface Change {
  readonly by: string;
  readonly at: number;
}

/** Keeps a credential anew, or changed under its id. */
export async function putCredential(
  client: Queryable,
  { id, sealed, ...facts }: CredentialFacts & { readonly id: number; readonly sealed: Sealed },
  { by, at }: Change,
): Promise<CredentialRow | null> {
  const { rows } = await client.query<CredentialRow>(
    `insert into registry_credential (id, team_id, name, registry, path, type, username, skip_tls, ca, key_id, sealed,
       created_by, created_at, updated_by, updated_at)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $13)
     on conflict (id) do update set name = excluded.name, registry = excluded.registry, path = excluded.path,
       type = excluded.type, username = excluded.username, skip_tls = excluded.skip_tls, ca = excluded.ca,
       key_id = excluded.key_id, sealed = excluded.sealed, updated_by = excluded.updated_by,
       updated_at = excluded.updated_at
     returning ${shown}`,
    [
      ...[id, facts.team, facts.name, facts.registry, facts.path, facts.type, facts.username, facts.skipTls, facts.ca],
      ...[sealed.keyId, sealed.bytes, by, new Date(at).toISOString()],
    ],
  );
  return rows[0] ?? null;
}

/** The credentials that a team may use, its own and everybody's; all of them for the whole installation (`null`). */
export async function listCredentials(client: Queryable, team: number | null): Promise<CredentialRow[]> {
  const { rows } = await client.query<CredentialRow>(
    `select ${shown} from registry_credential where $1::integer is null or team_id is null or team_id = $1
     order by registry, path, team_id nulls last, id`,
    [team],
  );
  return rows;
}

/** One of them, for a change; `null` for one that is not there or another team's. */
export async function lockCredential(
  client: Queryable,
  { id, team }: { readonly id: number; readonly team: number | null },
): Promise<SealedCredential | null> {
  const { rows } = await client.query<Columns>(
    `select ${whole} from registry_credential
     where id = $1 and ($2::integer is null or team_id is null or team_id = $2) for update`,
    [id, team],
  );
  return rows[0] === undefined ? null : sealedOf(rows[0]);
}

/** The credential for a repository: the longest path that covers it, and of two such the team's own before everybody's. */
export async function credentialFor(
  client: Queryable,
  asked: { readonly team: number | null; readonly registry: string; readonly repository: string },
): Promise<SealedCredential | null> {
  const { rows } = await client.query<Columns>(
    `select ${whole} from registry_credential
     where registry = $1 and (team_id is null or team_id = $3)
       and (path = '' or path = $2 or starts_with($2, path || '/'))
     order by length(path) desc, team_id nulls last limit 1`,
    [asked.registry, asked.repository, asked.team],
  );
  return rows[0] === undefined ? null : sealedOf(rows[0]);
}

export async function deleteCredential(client: Queryable, id: number): Promise<void> {
  await client.query("delete from registry_credential where id = $1", [id]);
}

/** Ids of the keys that secrets are sealed with, and how many with each. */
export async function keysInUse(client: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ key: string; n: number }>(
    "select key_id as key, count(*) as n from registry_credential group by key_id order by key_id",
  );
  return new Map(rows.map(({ key, n }) => [key, n]));
}

/** Credentials sealed with another key than this one, locked. */
export async function lockCredentialsOfOtherKeys(client: Queryable, current: string): Promise<SealedCredential[]> {
  const { rows } = await client.query<Columns>(
    `select ${whole} from registry_credential where key_id <> $1 order by id for update`,
    [current],
  );
  return rows.map(sealedOf);
}

export async function resealCredential(client: Queryable, id: number, { keyId, bytes }: Sealed): Promise<void> {
  await client.query("update registry_credential set key_id = $2, sealed = $3 where id = $1", [id, keyId, bytes]);
}

function sealedOf({ keyId, bytes, ...row }: Columns): SealedCredential {
  return { ...row, sealed: { keyId, bytes } };
}
