import type { Advisory } from "@plimsoll/model";
import type { Store } from "../store/open-store.ts";

/** An advisory on every version of a package below 2.0.0. */
export function flawOf(name: string, severity: "critical" | "low"): Advisory {
  return {
    kind: "advisory",
    id: `GHSA-${name}`,
    feed: "ghsa",
    provider: "github",
    vulnerabilities: [`CVE-2026-${name.slice(1)}`],
    aliases: [],
    severity,
    published: "2026-01-01",
    affected: [
      { ecosystem: "npm", name, nameKind: "source", scheme: "semver", ranges: [{ fixed: "2.0.0" }], fixState: "fixed" },
    ],
  };
}

/** Everything that a job may change, but for ids, times of rows and the jobs themselves. */
export async function stateOf({ pool }: Pick<Store, "pool">): Promise<unknown> {
  const queries = {
    knowledge: "select seq, revision from knowledge order by seq",
    deltas:
      "select seq, counted_at is not null as counted, evaluated_at is not null as evaluated from delta order by seq",
    assets: "select identity, kind, name from asset order by identity",
    verdicts:
      "select encode(result_id, 'hex') as id, status, complete, evaluated_at, valid_until from verdict order by 1",
    results: "select encode(id, 'hex') as id, created_at, encode(report, 'hex') as report from result order by 1",
    blobs: "select encode(sha256, 'hex') as id from blob order by 1",
    counters: `select encode(i.image_id, 'hex') as id, c.critical, c.high, c.low, c.unknown, c.exploitable, c.fixable
      from image_counter c join image i on i.id = c.image_id order by 1`,
    matches: `select c.name, v.name as flaw, m.valid_from, m.valid_to, m.severity from component_match m
      join component c on c.id = m.component_id join vulnerability v on v.id = m.vulnerability_id order by 1, 2, 3`,
    uploads: "select owner from upload order by 1",
    sessions: "select count(*) as n from session",
    health: "select feed, status, succeeded_at, error from feed_health order by 1",
  };
  const answers = Object.entries(queries).map(async ([name, sql]) => [name, (await pool.query(sql)).rows] as const);
  return Object.fromEntries(await Promise.all(answers));
}
