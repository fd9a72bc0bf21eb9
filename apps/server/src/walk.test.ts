import { allPermissions, type Permission, permissionsOfRole } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { testPassword } from "./testing/people.ts";
import type { Sample, SampleRequest } from "./testing/samples/sample.ts";
import { samples } from "./testing/samples.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";
import { type Caller, customPermissions, type World, walkWorld } from "./testing/walk-world.ts";

// Every route with every role, with bad tokens, with another team's ids, and what it leaves in the audit.

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startTestServer();
  world = await walkWorld(server);
}, 60_000);
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

interface Walked {
  readonly name: string;
  readonly route: Route;
  readonly sample: Sample;
}

const parameter = /:\w+/;

/** What only reads and asks for nothing needs no sample; neither does what is not built yet. */
function sampleOf(route: Route): Sample | undefined {
  const known = samples[`${route.method} ${route.path}`];
  if (known !== undefined) return known;
  const isPlain = route.method === "GET" && !parameter.test(route.path);
  if (!isPlain && route.status !== 501) return undefined;
  const url = route.path.replaceAll(new RegExp(parameter, "g"), "1");
  return {
    request: () => ({ url, ...(route.method !== "GET" && { body: {} }) }),
    shared: "it has no ids",
    unaudited: "it is not there yet",
  };
}

const walked: readonly Walked[] = routes.flatMap((route) => {
  const sample = sampleOf(route);
  return sample === undefined ? [] : [{ name: `${route.method} ${route.path}`, route, sample }];
});

let sent = 0;

async function send({ method }: Route, { url, body, headers }: SampleRequest, own: Readonly<Record<string, string>>) {
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? { "content-type": "application/octet-stream" } : {};
  const payload = isBytes ? Buffer.from(body) : body;
  await server.services.pool.query("delete from rate; delete from sign_in_attempt");
  // Each from elsewhere: one place may not send that many wrong tokens.
  const remoteAddress = `10.${++sent >> 16}.${(sent >> 8) & 255}.${sent & 255}`;
  const asked = { method, url, remoteAddress, headers: { ...type, ...(headers ?? own) } };
  return server.app.inject({ ...asked, ...(payload && { payload }) });
}

async function headersOf(caller: Caller, { session }: Sample): Promise<Readonly<Record<string, string>>> {
  return session === true ? { ...(await caller.session()) } : caller.token;
}

function mayCall({ role }: Caller, { permission }: Route): boolean {
  if (permission === "nobody" || permission === "signed-in") return true;
  const held = permissionsOfRole(role, role.startsWith("role:") ? customPermissions : null);
  return held.has(permission);
}

const names: readonly Permission[] = [...allPermissions] as Permission[];

describe("the table of permissions", () => {
  it("has a row for every route, and the list of samples one for every route that needs one", () => {
    const missing = routes.filter((route) => sampleOf(route) === undefined);
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    const known = routes.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(samples).filter((name) => !known.includes(name))).toEqual([]);
    for (const { permission } of routes) {
      expect(["signed-in", "nobody", ...names]).toContain(permission);
    }
  });

  it("has something of another team for every route with an id, or a reason why there is none", () => {
    const withIds = walked.filter(({ route }) => parameter.test(route.path));
    expect(withIds.length).toBeGreaterThan(20);
    const without = withIds.filter(({ sample: { foreign, shared } }) => (foreign ?? shared) === undefined);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("leaves but signing in to everybody", () => {
    const open = routes.filter(({ permission }) => permission === "nobody");
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /api/session"]);
  });
});

describe.each(walked)("$name", ({ route, sample }) => {
  const { permission, method } = route;

  it("answers each role as the table of permissions says", async () => {
    for (const caller of world.callers) {
      const answer = await send(route, await sample.request(world, caller), await headersOf(caller, sample));
      if (!mayCall(caller, route)) {
        expect([caller.name, answer.statusCode, answer.json().type]).toEqual([caller.name, 403, "FORBIDDEN"]);
        expect(answer.json().message).toContain(permission);
        continue;
      }
      const expected = sample.status?.(caller) ?? route.status ?? 200;
      expect([caller.name, answer.statusCode, answer.statusCode === expected ? "" : answer.body]).toEqual([
        caller.name,
        expected,
        "",
      ]);
    }
  });

  if (permission !== "nobody") {
    it("answers nobody who does not say who it is", async () => {
      const request = await sample.request(world, world.admin);
      const expiresAt = new Date(now - 1000).toISOString();
      const bad: readonly [string, Readonly<Record<string, string>>][] = [
        ["none", {}],
        ["made up", { authorization: `Bearer plm_${"x".repeat(43)}` }],
        ["expired", { ...(await server.token({ role: "ROLE_ADMIN", expiresAt })) }],
        ["of another kind", { authorization: "Basic YWRtaW46YWRtaW4=" }],
        ["a session that nobody began", { cookie: `plimsoll=pls_${"x".repeat(43)}` }],
      ];
      for (const [name, headers] of bad) {
        const answer = await send(route, { ...request, headers }, {});
        expect([name, answer.statusCode, answer.json().type]).toEqual([name, 401, "UNAUTHENTICATED"]);
      }
    });
  }

  if (sample.session === true) {
    it("is for people, not for tokens", async () => {
      const { headers: _, ...request } = await sample.request(world, world.admin);
      const answer = await send(route, request, world.admin.token);
      expect([answer.statusCode, answer.json().type]).toEqual([403, "SESSION_NEEDED"]);
    });
  }

  const { foreign } = sample;
  if (foreign !== undefined) {
    it("shows nothing of another team", async () => {
      for (const caller of world.callers.filter(({ team }) => team !== null)) {
        const answer = await send(route, await foreign(world, caller), await headersOf(caller, sample));
        const [status, type] = mayCall(caller, route) ? [404, "NOT_FOUND"] : [403, "FORBIDDEN"];
        const told = [caller.name, answer.statusCode, answer.body.slice(0, 300)];
        expect(told).toEqual([caller.name, status, expect.stringContaining(type)]);
      }
    });
  }

  if (method !== "GET") {
    it("is told to the audit when it succeeds", async () => {
      const { pool } = server.services;
      const caller = world.admin;
      const request = await sample.request(world, caller);
      const headers = await headersOf(caller, sample);
      const { rows: before } = await pool.query("select coalesce(max(id), 0) as id from audit");
      const answer = await send(route, request, headers);
      expect([answer.statusCode, answer.body.slice(0, 300)]).toEqual([route.status ?? 200, expect.any(String)]);
      const { rows } = await pool.query("select actor, actor_name, address, action, subject from audit where id > $1", [
        before[0].id,
      ]);
      if (sample.unaudited !== undefined) {
        expect(rows, `it is excepted because ${sample.unaudited}`).toEqual([]);
        return;
      }
      expect(rows).not.toEqual([]);
      for (const row of rows) {
        expect(row).toMatchObject({
          actor: expect.stringMatching(/^(person|token):\d+$/),
          action: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
          subject: expect.stringMatching(/./),
          actor_name: expect.stringMatching(/./),
          address: expect.stringMatching(/^10\./),
        });
      }
    });
  }
});

it("the audit holds no secret", async () => {
  const { rows } = await server.services.pool.query<{ text: string }>(
    "select row_to_json(audit)::text as text from audit",
  );
  expect(rows.length).toBeGreaterThan(20);
  const text = rows.map((row) => row.text).join("\n");
  for (const secret of [/plm_[\w-]{20}/, /pls_[\w-]{20}/, /\$argon2/, testPassword, "another one altogether"]) {
    expect(text).not.toMatch(secret);
  }
});
