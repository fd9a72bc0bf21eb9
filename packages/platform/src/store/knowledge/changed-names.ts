import type { NamePrint } from "@plimsoll/vulndb";
import type { PoolClient } from "pg";

/** Most names sent at once. */
const batch = 10_000;

/**
 * Compares what a revision says under each name with what the store's matches were made with. Afterwards the temporary
 * table `changed` (ecosystem, name) holds the names that differ. Returns false when nobody can say: the store has matches
 * but no prints, or an ecosystem came or went as a whole.
 */
export async function findChangedNames(client: PoolClient, prints: Iterable<NamePrint>): Promise<boolean> {
  await client.query(
    `create temporary table fresh_print (ecosystem text not null, name text not null, print bytea not null);
     create temporary table changed (ecosystem text not null, name text not null)`,
  );
  let waiting: NamePrint[] = [];
  for (const print of prints) {
    waiting.push(print);
    if (waiting.length < batch) continue;
    await send(client, waiting);
    waiting = [];
  }
  await send(client, waiting);
  await client.query("analyze fresh_print");
  await client.query(
    `insert into changed
     select ecosystem, name from fresh_print f full join knowledge_print k using (ecosystem, name)
     where f.print is distinct from k.print`,
  );
  const { rows } = await client.query<{ known: boolean; shifted: boolean }>(
    `select exists (select from knowledge_print) as known, exists (select from changed where name = '') as shifted`,
  );
  return rows[0]?.known === true && !rows[0].shifted;
}

/** Keeps the new revision's prints; within the transaction that makes its matches the store's. */
export async function keepPrints(client: PoolClient): Promise<void> {
  await client.query(
    `delete from knowledge_print k using changed c
     where (k.ecosystem, k.name) = (c.ecosystem, c.name)`,
  );
  await client.query("insert into knowledge_print select f.* from fresh_print f join changed using (ecosystem, name)");
}

async function send(client: PoolClient, prints: readonly NamePrint[]): Promise<void> {
  await client.query("insert into fresh_print select * from unnest($1::text[], $2::text[], $3::bytea[])", [
    prints.map(({ ecosystem }) => ecosystem),
    prints.map(({ name }) => name),
    prints.map(({ print }) => Buffer.from(print)),
  ]);
}
