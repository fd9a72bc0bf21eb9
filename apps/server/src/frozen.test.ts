import { defaultPolicies } from "@plimsoll/evaluate";
import { rematch } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MadeLayer, scannerOf } from "./testing/layered.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

const root = "/secure/vulnerability";
const base: MadeLayer = { name: "base", packages: ["zlib 1.2.12-r0"] };
const app: MadeLayer = { name: "app", packages: ["zlib 1.2.12-r0", "expat 2.4.1-r0"] };

let server: TestServer;
let reader: { readonly authorization: string };
let scanner: ReturnType<typeof scannerOf>;
let resultId: string;
let first: readonly string[];

beforeAll(async () => {
  server = await startTestServer();
  reader = await server.token({ role: "ROLE_TEAM_READ" });
  scanner = scannerOf(server, await server.token());
  const sent = await scanner.send([base, app], [{ of: base }, { of: app }], { name: "shop/frozen:1" });
  resultId = sent.body.resultId;
  first = await documents();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

async function get(path: string, headers: object = {}) {
  const answer = await server.app.inject({ url: `${root}${path}`, headers: { ...reader, ...headers } });
  expect(answer.statusCode, `${path} ${answer.body.slice(0, 200)}`).toBe(200);
  return answer;
}

/** The result as every endpoint gives it: bytes. */
async function documents(): Promise<string[]> {
  const whole = await get(`/v1/results/${resultId}`);
  const sbom = `/v1beta1/sboms?bomIdentifier=${whole.json().sbomId}`;
  const rest = await Promise.all([
    get(`/v1beta1/results/${resultId}`),
    get(sbom),
    get(sbom, { accept: "application/vnd.cyclonedx+json; version=1.6" }),
    get(sbom, { accept: "application/vnd.cyclonedx+xml; version=1.7" }),
  ]);
  return [whole, ...rest].map(({ body }) => body);
}

describe("a pipeline's result, read again, is byte for byte the same", () => {
  it("after an update of knowledge; and says that there is a newer view", async () => {
    expect((await get(`/v1/results/${resultId}`)).headers.link).toBeUndefined();
    const { pool } = server.services;
    const nothing = { revision: "nothing", builtAt: "2020-01-01T00:00:00Z", changed: null, findingsOf: () => [] };
    expect((await rematch(pool, nothing, now)).images).toBeGreaterThan(0);
    expect(await documents()).toEqual(first);
    expect((await get(`/v1/results/${resultId}`)).headers.link).toContain("latest-version");
  });

  it("after an edit of the policy that failed it, which the next scan passes", async () => {
    const [policy] = defaultPolicies;
    if (policy === undefined) throw new Error("no policy");
    const { bundles } = policy;
    const edited = policy as { bundles: typeof bundles };
    try {
      edited.bundles = [];
      const next = await scanner.send([base, app], [], { name: "shop/frozen:1" });
      expect(next.body.report.verdict.status).toBe("passed");
      expect(JSON.parse(first[0] ?? "").policies).toMatchObject({ globalEvaluation: "failed" });
      expect(await documents()).toEqual(first);
      const { rows } = await server.services.pool.query<{ revisions: number }>(
        "select count(distinct policy_revision)::integer as revisions from result_origin",
      );
      expect(rows[0]?.revisions).toBe(2);
    } finally {
      edited.bundles = bundles;
    }
  });

  it("after its base was scanned, which it then has a name for", async () => {
    await scanner.send([base], [], { name: "shop/base:1" });
    expect(await documents()).toEqual(first);
  });

  it("after time went by", async () => {
    server.advance(200 * 86_400_000);
    expect(await documents()).toEqual(first);
    server.advance(-200 * 86_400_000);
  });
});

it("keeps what it was made with: revisions of knowledge, policies and acceptances, time, and its SBOM's digest", async () => {
  const { rows } = await server.services.pool.query(
    `select o.knowledge_revision as knowledge, o.policy_revision as policies, o.acceptance_revision as acceptances,
       r.created_at as at, encode(r.sbom, 'hex') as sbom
     from result r join result_origin o on o.asset_id = r.asset_id and o.result_id = r.id where r.id = decode($1, 'hex')`,
    [resultId],
  );
  expect(rows).toEqual([
    {
      knowledge: server.base.status.revision,
      policies: expect.stringMatching(/^[0-9a-f-]{36}$/),
      acceptances: "none",
      at: new Date(now),
      sbom: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

it("goes with its origin when it is deleted", async () => {
  const { pool } = server.services;
  const { body } = await scanner.send([base], [], { name: "shop/gone:1" });
  await pool.query("select delete_asset(asset_id, 'test', now()) from result where id = decode($1, 'hex')", [
    body.resultId,
  ]);
  const { rows } = await pool.query("select from result_origin where result_id = decode($1, 'hex')", [body.resultId]);
  expect(rows).toEqual([]);
});
