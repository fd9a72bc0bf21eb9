import type { PoolClient } from "pg";
import type { StoredComponent } from "../ingest/mini-sbom.ts";

/** Components read at once: few enough that a batch of kernels with all their flaws fits in memory. */
const batch = 1000;

/**
 * Components that were not judged yet and that a changed name decides about (temporary tables `judged` and `changed`):
 * their own, their source's, that of the OS package that owns them or of its source, and for a Go toolchain those of its
 * library and tools (truth 6). `everything`: whatever changed.
 */
export async function* candidates(client: PoolClient, everything: boolean): AsyncGenerator<StoredComponent[]> {
  await client.query("create temporary table candidate (id integer primary key)");
  await client.query(
    `insert into candidate ${everything ? "select id from component" : byName} on conflict do nothing`,
  );
  await client.query("delete from candidate c using judged j where j.component_id = c.id");
  for (let last = 0; ; ) {
    const { rows } = await client.query<StoredComponent>(
      `select id, version, facts from component
       where id in (select id from candidate where id > $1 order by id limit ${batch}) order by id`,
      [last],
    );
    const end = rows.at(-1);
    if (end === undefined) break;
    yield rows;
    last = end.id;
  }
  await client.query("drop table candidate");
}

/** A component's names are cut where a revision's are not. */
const byName = `
  select c.id from changed join component c on c.name = left(changed.name, 500) and c.ecosystem = changed.ecosystem
  union all
  select c.id from changed join component c on c.via = left(changed.name, 500)
  union all
  select c.id from changed join component c on c.facts #>> '{owner,source,name}' = changed.name
  union all
  select c.id from component c where c.facts ->> 'role' = 'toolchain'
    and exists (select from changed where ecosystem = 'golang' and name in ('stdlib', 'toolchain'))`;
