/** Puts a large estate into an empty store by COPY, as if each image had been ingested; a test ingest proves that. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, severityRank, uuidOf } from "@plimsoll/model";
import type { Store } from "@plimsoll/platform";
import type { EstateKnowledge } from "./estate-knowledge.ts";
import type { EstateSet, LargeEstate } from "./large-estate.ts";

const teams = 20;
const clusters = 8;

type Cell = string | number | null;

/** Loads images 0 … `images` − 1 with an asset each. */
export async function loadEstate(
  { pool }: Store,
  estate: LargeEstate,
  wanted: { readonly images: number; readonly knowledge: EstateKnowledge },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-load-"));
  // The database reads them as a user of its own.
  await chmod(folder, 0o755);
  const copy = async (into: string, rows: Iterable<readonly Cell[]>): Promise<void> => {
    const file = join(folder, "rows.tsv");
    await write(file, rows);
    await pool.query(`copy ${into} from '${file}'`);
  };
  try {
    await pool.query(
      `alter table package_set_edge drop constraint package_set_edge_pkey; drop index package_set_edge_set;
       insert into team (name, description, all_zones, is_default, created_at, updated_at)
       select 'team ' || n, '', true, false, now(), now() from generate_series(1, ${teams}) n`,
    );
    const paths = Array.from({ length: wanted.images }, (_, n) => estate.pathOf(n).at(-1));
    await copy("component (id, key, ecosystem, name, via, version, facts)", componentRows(estate));
    const { matches, names } = matchesOf(estate, wanted.knowledge);
    await copy(
      "vulnerability (id, name)",
      [...names].map(([name, id]) => [id, name]),
    );
    await copy("component_match (component_id, vulnerability_id, valid_from, severity, flags)", matches);
    await copy(
      "package_set (id, content_key, parent_id, depth)",
      [...estate.sets.values()].map((set) => [set.id, set.key, set.below?.id ?? null, ancestorsOf(set).length - 1]),
    );
    await copy("package_set_edge", edgeRows(estate));
    await copy("set_ancestor (ancestor_id, set_id)", ancestorRows(estate));
    await copy(
      "image (id, image_id, content_key, set_id, top_chain, os, architecture, size)",
      paths.map((top, n) => [
        n + 1,
        hex(`image ${n}`),
        uuidOf("bench image", String(n)),
        top?.id ?? 0,
        hex(`chain ${top?.key}`),
        "linux",
        "amd64",
        1000 + n,
      ]),
    );
    await copy("image_layer (image_id, position, chain_id, diff_id, size, command, set_id)", layerRows(paths));
    await copy(
      "asset (id, identity, kind, name, image_id, team_id, scope, created_at, updated_at)",
      assetRows(wanted.images),
    );
    await pool.query(finish);
    await pool.query("vacuum analyze");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Index by index, counters and documents from what was copied. The documents are stand-ins: nothing measured reads any. */
const finish = `
  alter table package_set_edge add primary key (component_id, set_id) include (n);
  create index package_set_edge_set on package_set_edge (set_id) include (component_id, n);
  select setval(pg_get_serial_sequence(t, 'id'), 10000000) from unnest('{component,vulnerability,package_set,image}'::text[]) t;
  analyze component, component_match, vulnerability, package_set_edge, set_ancestor, image, image_layer, asset;
  insert into set_counter
  select s.id, coalesce(t.s5, 0), coalesce(t.s4, 0), coalesce(t.s3, 0), coalesce(t.s2, 0), coalesce(t.s1, 0), coalesce(t.s0, 0),
    coalesce(t.x, 0), coalesce(t.f, 0), 0
  from package_set s left join (
    select e.set_id,
      (sum(e.n) filter (where m.severity = 5))::integer as s5, (sum(e.n) filter (where m.severity = 4))::integer as s4,
      (sum(e.n) filter (where m.severity = 3))::integer as s3, (sum(e.n) filter (where m.severity = 2))::integer as s2,
      (sum(e.n) filter (where m.severity = 1))::integer as s1, (sum(e.n) filter (where m.severity = 0))::integer as s0,
      (sum(e.n) filter (where m.flags & 2 <> 0))::integer as x, (sum(e.n) filter (where m.flags & 1 <> 0))::integer as f
    from package_set_edge e join component_match m on m.component_id = e.component_id group by e.set_id) t on t.set_id = s.id;
  insert into image_counter
  select i.id, sum(c.critical), sum(c.high), sum(c.medium), sum(c.low), sum(c.negligible), sum(c.unknown), sum(c.exploitable), sum(c.fixable)
  from image i join set_ancestor a on a.set_id = i.set_id join set_counter c on c.set_id = a.ancestor_id group by i.id;
  insert into blob (sha256, media_type, bytes)
  select sha256(convert_to('sbom ' || id, 'UTF8')), 'application/vnd.plimsoll.sbom+json', convert_to('stand-in ' || id, 'UTF8') from image;
  insert into result (asset_id, id, created_at, sbom, report, knowledge_seq, policy, critical, high, medium, low, negligible, unknown, exploitable, fixable)
  select a.id, int8send(a.id) || int8send(i.id), a.updated_at, sha256(convert_to('sbom ' || i.id, 'UTF8')),
    sha256(convert_to('sbom ' || i.id, 'UTF8')), 0, case when c.critical > 0 then 'failed' else 'passed' end,
    c.critical, c.high, c.medium, c.low, c.negligible, c.unknown, c.exploitable, c.fixable
  from asset a join image i on i.id = a.image_id join image_counter c on c.image_id = i.id;
  insert into verdict (asset_id, result_id, status, complete, evaluated_at, valid_until)
  select asset_id, id, policy, true, created_at, null from result;
`;

function* componentRows(estate: LargeEstate): Generator<Cell[]> {
  for (const { id, key, ecosystem, name, via, version, facts } of estate.components.values()) {
    yield [id, key, ecosystem, name, via, version, JSON.stringify(facts)];
  }
}

function matchesOf(estate: LargeEstate, knowledge: EstateKnowledge) {
  const names = new Map<string, number>();
  const matches: Cell[][] = [];
  for (const { id, ecosystem, name, version } of estate.components.values()) {
    for (const { vulnerability, severity, isFixable, isExploited } of knowledge.flawsOf(ecosystem, name, version)) {
      const flaw = names.get(vulnerability) ?? names.size + 1;
      names.set(vulnerability, flaw);
      matches.push([id, flaw, 0, severityRank(severity), (isFixable ? 1 : 0) | (isExploited ? 2 : 0)]);
    }
  }
  return { names, matches };
}

function* edgeRows(estate: LargeEstate): Generator<Cell[]> {
  for (const { id, edges } of estate.sets.values()) for (const [component, n] of edges) yield [component.id, id, n];
}

function ancestorsOf(set: EstateSet): EstateSet[] {
  return [set, ...(set.below === null ? [] : ancestorsOf(set.below))];
}

function* ancestorRows(estate: LargeEstate): Generator<Cell[]> {
  for (const set of estate.sets.values()) for (const { id } of ancestorsOf(set)) yield [id, set.id];
}

function* layerRows(paths: readonly (EstateSet | undefined)[]): Generator<Cell[]> {
  for (const [n, top] of paths.entries()) {
    const sets = top === undefined ? [] : ancestorsOf(top).reverse();
    for (const [position, { key, id }] of sets.entries()) {
      yield [n + 1, position, hex(`chain ${key}`), hex(`diff ${key}`), 1000, `RUN layer ${key}`, id];
    }
  }
}

/** Few teams have most. */
function* assetRows(images: number): Generator<Cell[]> {
  for (let n = 0; n < images; n++) {
    const { kind, name, scope } = seenAt(n);
    const id = uuidOf("bench asset", String(n));
    const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
    const row = BigInt(`0x${id.replaceAll("-", "").slice(0, 16)}`) >> 1n;
    const team = 1 + Math.floor(teams * (((n * 7919) % 1000) / 1000) ** 3);
    yield [row.toString(), id, kind, name, n + 1, team, JSON.stringify(scope), at, at];
  }
}

/** Three in five in registries, one in four at work, the others from pipelines. */
function seenAt(n: number) {
  const place = n % 20;
  if (place >= 12 && place < 17) {
    const [cluster, namespace] = [`c${n % clusters}`, `ns${n % 211}`];
    const scope = {
      "kubernetes.cluster.name": cluster,
      "kubernetes.namespace.name": namespace,
      "kubernetes.workload.name": `app-${n}`,
      "kubernetes.workload.type": "deployment",
    };
    return { kind: "workload", name: `${cluster}/${namespace}/deployment/app-${n}`, scope };
  }
  const [registry, repository] = [`r${n % 5}.example`, `team-${n % 97}/app-${n}`];
  const vendor = n % 2 === 0 ? "harbor" : "ecr";
  const scope = { "registry.vendor": vendor, "registry.name": registry, "repository.name": repository };
  return { kind: place < 12 ? "registry" : "pipeline", name: `${registry}/${repository}:1.${n % 7}`, scope };
}

function hex(text: string): string {
  return `\\\\x${digestOf(text).slice("sha256:".length)}`;
}

async function write(file: string, rows: Iterable<readonly Cell[]>): Promise<void> {
  const out = createWriteStream(file, { mode: 0o644, highWaterMark: 2 ** 20 });
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    if (!out.write(`${lines.join("\n")}${lines.length > 0 ? "\n" : ""}`)) await once(out, "drain");
    lines = [];
  };
  for (const row of rows) {
    lines.push(row.map((cell) => cell ?? "\\N").join("\t"));
    if (lines.length === 20_000) await flush();
  }
  await flush();
  out.end();
  await once(out, "close");
}
