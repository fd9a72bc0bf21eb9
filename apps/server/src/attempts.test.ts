import { setTimeout as wait } from "node:timers/promises";
import { PlimsollError } from "@plimsoll/kit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPerson, signedInAs, testPassword, tryToSignIn } from "./testing/people.ts";
import { alpineWith, uploadOf } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  const codes = server.defects.map((defect) => (defect instanceof PlimsollError ? defect.code : defect));
  expect(new Set(codes)).toEqual(new Set(["SIGN_IN_BUSY"]));
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await server.services.pool.query("delete from sign_in_attempt; delete from known_place; delete from rate");
});

let count = 0;
async function someone(): Promise<string> {
  const username = `tried${++count}@example.org`;
  await addPerson(server, { username });
  return username;
}

async function wrong(username: string, address: string): Promise<number> {
  return (await tryToSignIn(server, { username, password: "a wrong one", address })).statusCode;
}

const right = async (username: string, address: string) =>
  (await tryToSignIn(server, { username, password: testPassword, address })).statusCode;

async function times<T>(n: number, work: (at: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let at = 0; at < n; at++) done.push(await work(at));
  return done;
}

describe("guessing a password", () => {
  it("is slowed down more and more, and told how long", async () => {
    const username = await someone();
    const guess = () => tryToSignIn(server, { username, password: "a wrong one", address: "192.0.2.1" });
    expect(await times(5, async () => (await guess()).statusCode)).toEqual([401, 401, 401, 401, 401]);
    const pauses: number[] = [];
    for (let n = 0; n < 14; n++) {
      const { statusCode, headers } = await guess();
      expect(statusCode).toBe(429);
      const seconds = Number(headers["retry-after"]);
      pauses.push(seconds);
      server.advance(seconds * 1000);
      expect((await guess()).statusCode).toBe(401);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
  });

  it("does not look at a right one either while it pauses, and forgives after a success", async () => {
    const username = await someone();
    await times(5, () => wrong(username, "192.0.2.1"));
    expect(await right(username, "192.0.2.1")).toBe(429);
    server.advance(1000);
    expect(await right(username, "192.0.2.1")).toBe(200);
    expect(await times(5, () => wrong(username, "192.0.2.1"))).toEqual([401, 401, 401, 401, 401]);
  });

  it("many at once is no way around: each counts before it is looked at", async () => {
    const username = await someone();
    const all = await Promise.all(Array.from({ length: 20 }, () => wrong(username, "192.0.2.1")));
    expect(all.filter((status) => status === 401)).toHaveLength(5);
    expect(all.filter((status) => status === 429)).toHaveLength(15);
  });

  it("of many accounts from one place is slowed down too, whether they exist or not", async () => {
    const statuses = await times(40, (n) => wrong(`nobody${n}@example.org`, "2001:db8::1"));
    expect(statuses.indexOf(429)).toBe(30);
    // The next address of the same network is the same place.
    expect(await wrong(await someone(), "2001:db8::2")).toBe(429);
    expect(await wrong(await someone(), "2001:db8:0:1::2")).toBe(401);
    expect(await wrong(await someone(), "::ffff:192.0.2.77")).toBe(401);
  });

  it("from everywhere cannot keep its owner out", async () => {
    const username = await someone();
    expect(await right(username, "198.51.100.7")).toBe(200);
    const attack = () => times(60, (n) => wrong(username, `203.0.113.${n}`));
    expect((await attack()).filter((status) => status === 401)).toHaveLength(30);
    // Where the owner signed in lately strangers' attempts do not count.
    expect(await right(username, "198.51.100.7")).toBe(200);
    await attack();
    // Elsewhere the pause is a minute at most, also for a botnet that never stops.
    for (let n = 0; n < 20; n++) {
      const { statusCode, headers } = await tryToSignIn(server, { username, password: "x", address: `203.0.113.${n}` });
      if (statusCode === 429) {
        expect(Number(headers["retry-after"])).toBeLessThanOrEqual(60);
        server.advance(Number(headers["retry-after"]) * 1000);
      }
    }
    server.advance(60_000);
    expect(await right(username, "198.51.100.99")).toBe(200);
  });

  it("is not counted under a name that may be a password", async () => {
    await wrong("my secret password", "192.0.2.1");
    const { rows } = await server.services.pool.query(
      "select key as text from sign_in_attempt union all select subject || detail::text from audit",
    );
    expect(JSON.stringify(rows)).not.toContain("secret");
  });

  it("of a user that nobody knows takes as long as of one that is there", async () => {
    const username = await someone();
    const timed = async (name: string, at: number) => {
      const started = performance.now();
      expect(await wrong(name, `192.0.2.${at}`)).toBe(401);
      return performance.now() - started;
    };
    const known = await times(15, (n) => timed(username, n));
    const unknown = await times(15, (n) => timed("nobody@example.org", n));
    const median = (all: number[]) => all.toSorted((a, b) => a - b)[7] ?? 0;
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(Math.max(median(known), median(unknown)) / 2);
  });
});

describe("scans", () => {
  const url = "/secure/vulnerability/v1/scans";

  it("are 120 a minute for each token; then the answer says when to come back", async () => {
    const [one, two] = [await server.token(), await server.token()];
    const submit = (headers: object) =>
      server.app.inject({ method: "POST", url, headers: { ...headers }, payload: { upload: "f".repeat(64) } });
    const statuses = (await Promise.all(Array.from({ length: 130 }, () => submit(one)))).map((a) => a.statusCode);
    expect(statuses.filter((status) => status === 404)).toHaveLength(120);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    const refused = await submit(one);
    expect(refused.json()).toMatchObject({ type: "TOO_MANY_REQUESTS" });
    expect(refused.headers["retry-after"]).toBe("60");
    expect((await submit(two)).statusCode).toBe(404);
    server.advance(60_000);
    expect((await submit(one)).statusCode).toBe(404);
  });

  it("pieces of uploads do not count", async () => {
    const headers = { ...(await server.token()), "content-type": "application/octet-stream" };
    const { bytes, sha256 } = uploadOf(alpineWith());
    const put = () =>
      server.app.inject({
        method: "PUT",
        url: `/secure/vulnerability/v1/uploads/${sha256}`,
        headers,
        payload: bytes,
      });
    const statuses = await times(130, async () => (await put()).statusCode);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe("wrong tokens", () => {
  const get = async (token: string, address: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await server.app.inject({ url: "/api/users/me", headers, remoteAddress: address });
    return answer.statusCode;
  };

  it("are not looked up without end, and those that were right go on being", async () => {
    const known = (await server.token()).authorization.slice("Bearer ".length);
    expect(await get(known, "192.0.2.9")).toBe(200);
    const made = Array.from({ length: 400 }, (_, n) => `plm_${String(n).padStart(43, "x")}`);
    const statuses = await times(400, (n) => get(made[n] ?? "", "192.0.2.9"));
    expect(statuses.indexOf(429)).toBe(300);
    expect(await get(known, "192.0.2.9")).toBe(200);
    expect(await get(made[0] ?? "", "192.0.2.10")).toBe(401);
    server.advance(60_000);
    expect(await get(made[0] ?? "", "192.0.2.9")).toBe(401);
  });

  it.each(["plm_", "plm_' or 1=1 --", `plm_${"x".repeat(44)}`, `PLM_${"x".repeat(43)}`, ""])(
    "like %j",
    async (token) => {
      expect(await get(token, "192.0.2.11")).toBe(401);
    },
  );
});

describe("a flood of people who sign in", () => {
  it("holds no more than two passwords' memory, and the server answers others meanwhile", async () => {
    const headers = await signedInAs(server, { username: await someone() });
    const flood = Promise.all(
      Array.from({ length: 100 }, (_, n) => wrong(`flood${n}@example.org`, `198.51.${n >> 4}.${n & 15}`)),
    );
    await wait(50);
    const started = performance.now();
    const answer = await server.app.inject({ url: "/api/users/me", headers: { ...headers } });
    expect(answer.statusCode).toBe(200);
    expect(performance.now() - started).toBeLessThan(5000);
    const statuses = await flood;
    expect(new Set(statuses)).toEqual(new Set([401, 503]));
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(52);
  });
});
