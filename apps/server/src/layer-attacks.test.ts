import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffIdOf, documentOf, type MadeLayer, newLayer, packagesIn, scannerOf } from "./testing/layered.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let team: number;
let otherTeam: number;

beforeAll(async () => {
  server = await startTestServer();
  team = await server.team();
  otherTeam = await server.team();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

async function scanner(of: number | null = team, role = "ROLE_TEAM_SCANNER") {
  return scannerOf(server, await server.token({ team: of, role }));
}

describe("attack: blinding a base", () => {
  it("a false, empty analysis by another team does not touch what stands on that base", async () => {
    const base = newLayer("zlib 1.2.12-r0");
    const app = newLayer("zlib 1.2.12-r0", "expat 2.4.1-r0");
    const blind = documentOf({ name: base.name });
    const b = await scanner(otherTeam);
    expect((await b.send([base], [{ of: base, document: blind }])).status).toBe(200);
    const a = await scanner();
    expect((await a.known([base])).body.known).toEqual([]);
    const alone = await a.send([base], [{ of: base }]);
    expect(packagesIn(alone.body)).toEqual(["zlib"]);
    const whole = await a.send([base, app], [{ of: app }]);
    expect(packagesIn(whole.body)).toEqual(["expat", "zlib"]);
    expect(whole.body.report.problems.map(({ code }: { code: string }) => code)).not.toContain("layer-analyses-differ");
    // Nor what lists say of it: counters, and what each layer brought.
    const { rows } = await server.services.pool.query<{ team: number; findings: number; sets: number }>(
      `select a.team_id as team, c.critical + c.high + c.medium + c.low + c.negligible + c.unknown as findings,
         (select count(l.set_id) from image_layer l where l.image_id = i.id) as sets
       from asset a join image i on i.id = a.image_id join image_counter c on c.image_id = i.id
       where i.top_chain = decode($1, 'hex') order by 1`,
      [diffIdOf(base).slice("sha256:".length)],
    );
    expect(rows[0]).toMatchObject({ team, sets: 1 });
    expect(rows[0]?.findings).toBeGreaterThan(0);
    expect(rows[1]).toEqual({ team: otherTeam, findings: 0, sets: 0 });
  });

  it("whole SBOMs of the same image digest do not stand for one another either", async () => {
    const image = [newLayer("zlib 1.2.12-r0")];
    const a = await scanner();
    const b = await scanner(otherTeam);
    await b.send(
      image,
      image.map((of) => ({ of, document: documentOf({ name: of.name }) })),
      { stage: "registry" },
    );
    await a.send(
      image,
      image.map((of) => ({ of })),
      { stage: "registry" },
    );
    const headers = await server.token({ team, role: "ROLE_TEAM_READ" });
    const list = await server.app.inject({ url: "/secure/vulnerability/v1/registry-results", headers });
    const counts = list.json().data.map((row: { vulnTotalBySeverity: object }) => row.vulnTotalBySeverity);
    expect(counts).toHaveLength(1);
    expect(Object.values<number>(counts[0]).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
  });

  it("what a trusted scanner says serves every team; what contradicts it is a problem, and is written down", async () => {
    const base = newLayer("zlib 1.2.12-r0");
    const trusted = await scanner(null, "ROLE_ADMIN");
    const b = await scanner(otherTeam);
    await b.send([base], [{ of: base, document: documentOf({ name: base.name }) }]);
    await trusted.send([base], [{ of: base }]);
    const a = await scanner();
    expect((await a.known([base])).body.known).toHaveLength(1);
    const leaning = await a.send([base], []);
    expect(packagesIn(leaning.body)).toEqual(["zlib"]);
    expect(leaning.body.report.verdict.complete).toBe(false); // Only for the age of the starter knowledge.
    expect(leaning.body.report.problems.map(({ code }: { code: string }) => code)).not.toContain(
      "layer-analyses-differ",
    );
    const disputed = await b.send([base], []);
    expect(packagesIn(disputed.body)).toEqual(["zlib"]);
    expect(disputed.body.report.problems).toContainEqual(
      expect.objectContaining({ level: "incomplete", code: "layer-analyses-differ", layer: diffIdOf(base) }),
    );
    const { rows } = await server.services.pool.query(
      "select name, scope from layer_conflict where diff_id = decode($1, 'hex')",
      [diffIdOf(base).slice("sha256:".length)],
    );
    expect(rows).toEqual([{ name: "shop/app:1", scope: otherTeam }]);
    // The server is asked to read it itself, once.
    await b.send([base], []);
    const jobs = await server.services.pool.query(
      "select payload ->> 'image' as image from job where name = 'scan-image' and team_id = $1",
      [otherTeam],
    );
    expect(jobs.rows).toEqual([{ image: "docker.io/shop/app:1" }]);
  });

  it("within a team two different analyses are a problem too, until the server has read the layer", async () => {
    const base = newLayer("zlib 1.2.12-r0");
    const a = await scanner();
    await a.send([base], [{ of: base, document: documentOf({ name: base.name }) }]);
    const second = await a.send([base], [{ of: base }]);
    const codes = ({ body }: Awaited<ReturnType<typeof a.send>>) =>
      body.report.problems.map(({ code }: { code: string }) => code);
    expect(codes(second)).toContain("layer-analyses-differ");
    expect(codes(await a.send([base], []))).toContain("layer-analyses-differ");
    await server.services.pool.query(
      `insert into layer_analysis (place, shaping, scope, diff_id, sha256, size, is_server, scanner, actor, made_at, used_at, bytes)
       select layer_place(shaping, 0, diff_id), shaping, 0, diff_id, sha256, size, true, 'plimsoll', 'plimsoll', made_at, used_at, bytes
       from layer_analysis where diff_id = decode($1, 'hex') order by length(bytes) desc limit 1`,
      [diffIdOf(base).slice("sha256:".length)],
    );
    const settled = await a.send([base], []);
    expect(codes(settled)).not.toContain("layer-analyses-differ");
    expect(packagesIn(settled.body)).toEqual(["zlib"]);
    const overruled = await a.send([base], [{ of: base, document: documentOf({ name: base.name }) }]);
    expect(packagesIn(overruled.body)).toEqual(["zlib"]);
    expect(codes(overruled)).toContain("layer-analysis-overruled");
  });
});

describe("attack: probing others' layers", () => {
  it("a layer of another team is answered as one that nobody has: asked about, sent, and leant on", async () => {
    const theirs = newLayer("zlib 1.2.12-r0");
    const nobodys = newLayer("zlib 1.2.12-r0");
    const a = await scanner();
    await a.send([theirs], [{ of: theirs }]);
    const b = await scanner(otherTeam);
    expect((await b.known([theirs, nobodys])).body).toEqual({ understood: true, known: [] });
    const said = async (one: MadeLayer) => {
      const { status, body } = await b.send([one], []);
      return { status, body };
    };
    expect(await said(theirs)).toEqual(await said(nobodys));
    expect((await said(theirs)).status).toBe(404);
    // Saying something else of it is answered without a word about theirs.
    const other = { of: theirs, document: documentOf({ name: theirs.name }) };
    const answer = await b.send([theirs], [other]);
    expect(answer.body.report.problems).not.toContainEqual(expect.objectContaining({ code: "layer-analyses-differ" }));
    // And theirs is as it was.
    expect((await a.send([theirs], [])).body.report.sbom.packages).toHaveLength(1);
  });

  it("rows of other teams are not even looked at: one value names layer and team", async () => {
    const { pool } = server.services;
    const { rows } = await pool.query<{ name: string }>(
      `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indrelid = 'layer_analysis'::regclass and a.attname in ('diff_id', 'shaping', 'scope')`,
    );
    expect(rows).toEqual([]);
  });

  it("takes as long whether a layer is another team's or nobody's", async () => {
    const theirs = Array.from({ length: 40 }, () => newLayer("zlib 1.2.12-r0"));
    const a = await scanner();
    for (const one of theirs) await a.send([one], [{ of: one }]);
    const b = await scanner(otherTeam);
    const timed = async (layers: readonly MadeLayer[]) => {
      const started = performance.now();
      await b.known(layers);
      return performance.now() - started;
    };
    const times: [number, number][] = [];
    for (let round = 0; round < 40; round++)
      times.push([await timed(theirs), await timed(theirs.map(() => newLayer()))]);
    const median = (list: readonly number[]) => list.toSorted((x, y) => x - y)[list.length >> 1] ?? 0;
    const [hidden, absent] = [median(times.map(([x]) => x)), median(times.map(([, y]) => y))];
    // A coarse guard: an answer that looked at hidden rows would take a multiple.
    expect(hidden).toBeLessThan(absent * 1.5 + 2);
  });
});
