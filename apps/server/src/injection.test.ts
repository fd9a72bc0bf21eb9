import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { samples } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";
import { type World, walkWorld } from "./testing/walk-world.ts";

// Every parameter of every route that reads, with what nobody should send: an answer or a refusal, soon, and never a
// fault of ours.

let server: TestServer;
let world: World;
let before: string;
beforeAll(async () => {
  server = await startTestServer();
  world = await walkWorld(server);
  before = await everything();
}, 180_000);
afterAll(async () => {
  expect(server?.defects).toEqual([]);
  await server?.[Symbol.asyncDispose]();
});

/** Rows of every table: what only asks changes none. */
async function everything(): Promise<string> {
  const { pool } = server.services;
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const counts: string[] = [];
  for (const { name } of rows) {
    const { rows: counted } = await pool.query(`select count(*) as n from ${name}`);
    counts.push(`${name} ${counted[0].n}`);
  }
  return counts.join("\n");
}

const longestMs = 2000;

const nasty: Readonly<Record<string, string>> = {
  "a quote and a condition": "' or '1'='1' --",
  "a second statement": '"; drop table asset; --',
  "a dollar quote": "$$; select pg_sleep(5); $$",
  "a sleep": "1) or (select pg_sleep(5)) is null --",
  NUL: "a\0b",
  "half a character": "\ud800",
  "what turns the line around": "\u202e\u0007\u001b[2J",
  "the prototype": "__proto__",
  "a constructor": "constructor.prototype",
  "an object": '{"$ne":null}',
  "a number without end": "9".repeat(400),
  "below zero": "-1",
  "beyond every number": "1e999",
  "not a number": "NaN",
  hexadecimal: "0x10",
  "patterns of LIKE": "%_%\\",
  "a pattern that never ends": `${"(a+)+".repeat(50)}$`,
  "9,000 letters": "x".repeat(9000),
  nothing: "",
};

/** Filters whose grammar is right or nearly so. */
const filters: Readonly<Record<string, string>> = {
  "a value that would end its quotes": `name = "x' or '1'='1"`,
  "an escaped quote": 'name = "a\\" or name = \\"b"',
  "wildcards only": 'freeText contains "%"',
  "2,000 conditions": Array.from({ length: 700 }, (_, n) => `a = ${n}`).join(" and "),
  "2,000 values": `name in (${Array.from({ length: 1500 }, (_, n) => `"${n}"`).join(",")})`,
  "nested deeply": `${"not ".repeat(1500)}name exists`,
  "open brackets": "(".repeat(5000),
  "no end of a quote": `name = "${"x".repeat(5000)}`,
  "a field of the prototype": '__proto__ = "x"',
  "a field of the table": 'pg_sleep(5) = "x"',
};

const cursors: Readonly<Record<string, string>> = {
  "made up": forged([1, "0123456789abcdef", "x"]),
  "of another version": forged([2, "0123456789abcdef", 1]),
  "an object": forged({ 0: 1, length: 1 }),
  nested: forged([1, [[[[]]]], { a: 1 }]),
  "keys that are SQL": forged([1, "0123456789abcdef", "'; drop table asset; --"]),
  "no JSON": "e30x",
  "a prototype": Buffer.from('{"__proto__":[1]}').toString("base64url"),
};

function forged(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Names of the parameters of a route's query. */
function parametersOf({ schemas: { query } }: Route): readonly string[] {
  if (query === undefined) return [];
  const { properties } = z.toJSONSchema(query, { io: "input", unrepresentable: "any" });
  return Object.keys(properties ?? {});
}

function valuesOf(name: string): Readonly<Record<string, string>> {
  if (name === "filter") return { ...nasty, ...filters };
  return name === "cursor" ? { ...nasty, ...cursors } : nasty;
}

/** Headers of who may do everything, and the address of a sample of the route. */
async function sampleOf(route: Route): Promise<string | null> {
  const sample = samples[`${route.method} ${route.path}`];
  if (sample === undefined) return route.path.includes(":") ? null : route.path;
  return (await sample.request(world, world.admin)).url;
}

const reading = routes
  .filter(({ method, status }) => method === "GET" && status !== 501)
  .filter((route) => route.path.includes(":") || parametersOf(route).length > 0);

async function headersFor(route: Route): Promise<Readonly<Record<string, string>>> {
  const sample = samples[`${route.method} ${route.path}`];
  return sample?.session === true ? { ...(await world.admin.session()) } : world.admin.token;
}

async function send(url: string, headers: Readonly<Record<string, string>>) {
  const start = performance.now();
  const answer = await server.app.inject({ url, headers });
  return { status: answer.statusCode, body: answer.body.slice(0, 300), ms: performance.now() - start };
}

const allowed = [200, 202, 204, 400, 404, 406, 414];

describe.each(reading.map((route) => ({ name: `GET ${route.path}`, route })))("$name", ({ route }) => {
  const parameters = parametersOf(route);

  if (parameters.length > 0)
    it(`takes ${parameters.join(", ")} of any kind`, async () => {
      const sample = await sampleOf(route);
      if (sample === null) throw new Error("it has no sample");
      const headers = await headersFor(route);
      // A wait that is asked for is waited.
      for (const parameter of parameters.filter((name) => name !== "wait")) {
        for (const [what, value] of Object.entries(valuesOf(parameter))) {
          const [path = "", query = ""] = sample.split("?");
          const asked = new URLSearchParams(query);
          asked.set(parameter, value);
          const { status, body, ms } = await send(`${path}?${asked}`, headers);
          expect(allowed, `${parameter}, ${what}: ${status} ${body}`).toContain(status);
          expect(ms, `${parameter}, ${what}`).toBeLessThan(longestMs);
        }
      }
    }, 120_000);

  if (route.path.includes(":"))
    it("takes ids of any kind", async () => {
      const headers = await headersFor(route);
      for (const [what, value] of Object.entries(nasty)) {
        if (value === "") continue;
        const text = value.isWellFormed() ? encodeURIComponent(value) : "%ED%A0%80";
        const { status, body, ms } = await send(route.path.replaceAll(/:\w+/g, text), headers);
        expect(allowed, `${what}: ${status} ${body}`).toContain(status);
        expect(ms, what).toBeLessThan(longestMs);
      }
    }, 60_000);
});

describe("a forged cursor", () => {
  const lists = ["pipeline-results", "registry-results", "runtime-results", "jobs"].map(
    (name) => `/secure/vulnerability/v1/${name}`,
  );

  it.each(lists)("of %s is refused", async (path) => {
    for (const [what, cursor] of Object.entries(cursors)) {
      const { status, body } = await send(`${path}?cursor=${cursor}`, world.admin.token);
      expect([what, status, body]).toEqual([what, 400, expect.stringContaining("BAD_CURSOR")]);
    }
  });

  it("bound to the right list, but by another hand, shows nothing that its bearer may not see", async () => {
    const path = "/secure/vulnerability/v1/pipeline-results";
    const headers = { ...(await server.token({ role: "ROLE_ADMIN" })) };
    const whole = await server.app.inject({ url: `${path}?limit=1`, headers });
    const { next } = whole.json().page;
    expect(next).toEqual(expect.any(String));
    const [version, binding, ...keys] = JSON.parse(Buffer.from(next, "base64url").toString());
    const lower = keys.map((key: unknown) => (typeof key === "number" ? Number.MAX_SAFE_INTEGER : "9999-12-31"));
    for (const cursor of [next, forged([version, binding, ...lower]), forged([version, binding, ...keys, 1])]) {
      const answer = await server.app.inject({ url: `${path}?cursor=${cursor}`, headers: world.readers.own });
      const seen =
        answer.statusCode === 200 ? answer.json().data.map(({ resultId }: { resultId: string }) => resultId) : [];
      expect(seen).not.toContain(world.results.other);
      expect([200, 400]).toContain(answer.statusCode);
    }
  });
});

it("changed nothing", async () => {
  const made = /^(audit|session|token|person|membership|rate|job|upload|sign_in|upload_piece|zone|role|team)/;
  const only = (text: string) => text.split("\n").filter((line) => !made.test(line));
  expect(only(await everything())).toEqual(only(before));
});
