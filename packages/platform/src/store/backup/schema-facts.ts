import type { ClientBase } from "pg";

/** A table as a backup has it: its name, and the columns that are stored and not computed, both quoted. */
export interface TableFacts {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What lives for hours, and is made anew: sessions, uploads that are not done, processes that take jobs. */
export const transientTables = ["job_worker", "session", "upload", "upload_piece"] as const;

/** Not an extension's. */
const ours = "not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')";

/** Every table of the schema, those that others refer to first. */
export async function tablesOf(client: ClientBase): Promise<TableFacts[]> {
  const { rows } = await client.query<TableFacts & { readonly needs: readonly string[] }>(
    `select quote_ident(c.relname) as name,
       array(select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum)::text[] as columns,
       array(select distinct quote_ident(other.relname) from pg_constraint k join pg_class other on other.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid)::text[] as needs
     from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and ${ours}
     order by c.relname`,
  );
  const ordered: TableFacts[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ needs }) => !needs.some((name) => waiting.has(name)));
    if (free.length === 0) throw new TypeError(`tables refer to each other in a circle: ${[...waiting.keys()]}`);
    for (const { name, columns } of free) {
      ordered.push({ name, columns });
      waiting.delete(name);
    }
  }
  return ordered;
}

export interface SequenceFacts {
  readonly name: string;
  readonly last: string;
}

/** Sequences that have given out numbers, and the last of them. */
export async function sequencesOf(client: ClientBase): Promise<SequenceFacts[]> {
  const { rows } = await client.query<SequenceFacts>(
    `select quote_ident(sequencename) as name, last_value::text as last from pg_sequences
     where schemaname = current_schema() and last_value is not null order by 1`,
  );
  return rows;
}

/** Removes everything of ours from the schema, and the queue, which is installed anew. */
export async function dropEverything(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `select format('drop table if exists %I cascade', c.relname) as sql from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and ${ours}
     union all
     select format('drop routine if exists %s cascade', c.oid::regprocedure) from pg_proc c
     where c.pronamespace = current_schema()::regnamespace and ${ours}
     union all
     select format('drop type if exists %I cascade', c.typname) from pg_type c
     where c.typnamespace = current_schema()::regnamespace and c.typtype in ('e', 'd', 'r') and ${ours}`,
  );
  for (const { sql } of rows) await client.query(sql);
  await client.query("drop schema if exists graphile_worker cascade");
}
