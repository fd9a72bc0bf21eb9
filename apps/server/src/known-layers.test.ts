import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffIdOf, documentOf, factsOf, newLayer, packagesIn, scannerOf, shaping } from "./testing/layered.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let team: number;

beforeAll(async () => {
  server = await startTestServer();
  team = await server.team();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

async function scanner(of: number | null = team, role = "ROLE_TEAM_SCANNER") {
  return scannerOf(server, await server.token({ team: of, role }));
}

describe("layers that are known", () => {
  it("need not be sent again: the image's documents alone are answered with packages and findings", async () => {
    const image = [newLayer("zlib 1.2.12-r0"), newLayer("zlib 1.2.12-r0", "expat 2.4.1-r0")];
    const { known, send } = await scanner();
    expect((await known(image)).body).toEqual({ understood: true, known: [] });
    const first = await send(
      image,
      image.map((of) => ({ of })),
    );
    expect(first.status).toBe(200);
    expect(packagesIn(first.body)).toEqual(["expat", "zlib"]);
    expect(first.body.report.findings.length).toBeGreaterThan(0);
    const answered = (await known(image)).body.known;
    expect(answered).toHaveLength(2);
    expect(answered).toContainEqual({ layer: diffIdOf(image[0] ?? newLayer()), size: 10_240 });
    const again = await (await scanner()).send(image, []);
    expect(JSON.stringify(again.body.report)).toBe(JSON.stringify(first.body.report));
  });

  it("serve another image that stands on them", async () => {
    const base = newLayer("zlib 1.2.12-r0");
    const { send } = await scanner();
    await send([base], [{ of: base }]);
    const top = newLayer("zlib 1.2.12-r0", "openssl 3.1.0-r0");
    const answer = await send([base, top], [{ of: top }]);
    const zlib = answer.body.report.sbom.packages.find(({ name }: { name: string }) => name === "zlib");
    expect(zlib.introducedIn).toBe(diffIdOf(base));
  });

  it("of a gate are answered with the verdict alone", async () => {
    const image = [newLayer("zlib 1.2.12-r0")];
    const { send } = await scanner();
    await send(
      image,
      image.map((of) => ({ of })),
    );
    const { body } = await send(image, [], { answer: "verdict" });
    expect(Object.keys(body.report).sort()).toEqual(["evaluatedAt", "knowledge", "problems", "stage", "verdict"]);
  });

  it("are not understood from another version of the scanner: whole SBOMs are", async () => {
    const { known } = await scanner();
    const headers = await server.token({ team });
    const payload = { shaping: "0".repeat(64), layers: [] };
    const url = "/secure/vulnerability/v1/layers/known";
    const answer = await server.app.inject({ method: "POST", url, headers, payload });
    expect(answer.json()).toEqual({ understood: false, known: [] });
    expect((await known([])).body.understood).toBe(true);
  });

  it("nobody asks without a token, or a role that may", async () => {
    const url = "/secure/vulnerability/v1/layers/known";
    const payload = { shaping, layers: [] };
    expect((await server.app.inject({ method: "POST", url, payload })).statusCode).toBe(401);
    const reader = await server.token({ team, role: "ROLE_TEAM_READ" });
    expect((await server.app.inject({ method: "POST", url, payload, headers: reader })).statusCode).toBe(403);
    const bad = { shaping, layers: ["sha256:x"] };
    const headers = await server.token({ team });
    expect((await server.app.inject({ method: "POST", url, payload: bad, headers })).statusCode).toBe(400);
    const many = { shaping, layers: Array.from({ length: 1001 }, () => diffIdOf({ name: "x" })) };
    expect((await server.app.inject({ method: "POST", url, payload: many, headers })).statusCode).toBe(400);
  });
});

describe("what is sent of a layer", () => {
  it.each([
    ["another shape", { size: 1, facts: {} }],
    ["a document with a field more", { ...documentOf({ name: "x" }), more: 1 }],
    ["a deep document", { size: 1, facts: JSON.parse(`${"[".repeat(1000)}${"]".repeat(1000)}`) }],
  ])("%s is refused", async (_, document) => {
    const image = [newLayer("zlib 1.2.12-r0")];
    const { send, known } = await scanner();
    const answer = await send(
      image,
      image.map((of) => ({ of, document })),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.type).toBe("ANALYSIS_UNREADABLE");
    expect((await known(image)).body.known).toEqual([]);
  });

  it("is not kept for a layer that the image does not have", async () => {
    const [own, foreign] = [newLayer("zlib 1.2.12-r0"), newLayer("zlib 1.2.12-r0")];
    const { send, known } = await scanner();
    expect((await send([own], [{ of: own }, { of: foreign }])).status).toBe(200);
    expect((await known([foreign])).body.known).toEqual([]);
  });

  it("and an image whose chain is not that of its layers is refused", async () => {
    const image = [newLayer("zlib 1.2.12-r0"), newLayer("expat 2.4.1-r0")];
    const { upload } = await scanner();
    const layers: Record<string, string> = {};
    for (const of of image) layers[diffIdOf(of)] = await upload(documentOf(of));
    const facts = JSON.parse(JSON.stringify(factsOf(image)));
    facts.image.layers[1].chainId = facts.image.layers[0].chainId;
    const headers = await server.token({ team });
    const payload = { analysis: { shaping, scanner: "t", facts, layers } };
    const answer = await server.app.inject({ method: "POST", url: "/secure/vulnerability/v1/scans", headers, payload });
    expect([answer.statusCode, answer.json().type]).toEqual([400, "ANALYSIS_UNREADABLE"]);
  });
});

describe("a scan sent again under its key", () => {
  it("is answered as before, and listed once", async () => {
    const image = [newLayer("zlib 1.2.12-r0")];
    const { send } = await scanner();
    const key = "00000000-0000-4000-8000-000000000001";
    const first = await send(
      image,
      image.map((of) => ({ of })),
      { key, name: "once:1" },
    );
    const again = await send(
      image,
      image.map((of) => ({ of })),
      { key, name: "once:1" },
    );
    expect(again.text).toBe(first.text);
    const headers = await server.token({ team, role: "ROLE_TEAM_READ" });
    const filter = encodeURIComponent('pullString = "once:1"');
    const url = `/secure/vulnerability/v1/pipeline-results?filter=${filter}`;
    expect((await server.app.inject({ url, headers })).json().page.total).toBe(1);
    expect((await (await scanner()).send(image, [], { key, name: "once:2" })).body.resultId).not.toBe(
      first.body.resultId,
    );
  });

  it("at the same time twice, it is done once", async () => {
    const image = [newLayer("zlib 1.2.12-r0")];
    const { send } = await scanner();
    await send(
      image,
      image.map((of) => ({ of })),
    );
    const key = "00000000-0000-4000-8000-000000000002";
    const answers = await Promise.all([1, 2, 3].map(() => send(image, [], { key, name: "at once" })));
    expect(new Set(answers.map(({ body }) => body.resultId)).size).toBe(1);
  });
});

it("a scan that is not to be kept leaves no result", async () => {
  const image = [newLayer("zlib 1.2.12-r0")];
  const { send } = await scanner();
  const { body } = await send(
    image,
    image.map((of) => ({ of })),
    { keep: false, name: "not kept" },
  );
  expect(body.resultId).toBeNull();
  const { rows } = await server.services.pool.query("select from asset where name = 'not kept'");
  expect(rows).toEqual([]);
});
