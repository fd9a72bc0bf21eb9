import type { TestServer } from "./test-server.ts";

/** What of the store is not what it should be, counted one by one; empty: all is right. */
export async function wrongInStore({ services: { pool } }: TestServer): Promise<Readonly<Record<string, unknown[]>>> {
  const wrong: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(questions)) {
    const { rows } = await pool.query(sql);
    if (rows.length > 0) wrong[name] = rows;
  }
  return wrong;
}

const questions: Readonly<Record<string, string>> = {
  counters: `
    select i.id, to_jsonb(c) as kept, to_jsonb(t) as counted
    from image i join image_counter c on c.image_id = i.id
    cross join lateral (
      select coalesce(sum(e.n) filter (where m.severity = 5), 0)::integer as critical,
        coalesce(sum(e.n) filter (where m.severity = 4), 0)::integer as high,
        coalesce(sum(e.n) filter (where m.severity = 3), 0)::integer as medium,
        coalesce(sum(e.n) filter (where m.flags & 1 <> 0), 0)::integer as fixable
      from set_ancestor a join package_set_edge e on e.set_id = a.ancestor_id
      join component_match m on m.component_id = e.component_id and m.valid_to = 2147483647
      where a.set_id = i.set_id
    ) t
    where (c.critical, c.high, c.medium, c.fixable) is distinct from (t.critical, t.high, t.medium, t.fixable)`,
  "results without documents": `
    select encode(r.id, 'hex') from result r
    where not exists (select from blob b where b.sha256 = r.sbom) or not exists (select from blob b where b.sha256 = r.report)`,
  "assets without image, or without counters": `
    select a.name from asset a left join image_counter c on c.image_id = a.image_id where c.image_id is null`,
  "submissions twice": `select actor, key from scan_submission group by actor, key having count(*) > 1`,
  "assets in a zone that does not hold them, or out of one that does": `
    select a.name, z.name as zone from asset a join audience u on u.id = a.audience cross join zone z
    where not z.is_system and z.matches is not null
      and coalesce(zone_facts(a.kind, a.name, a.scope) @@ z.matches, false) <> (z.id = any (u.zones))`,
};
