import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "../testing/send-scan.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { type Health, healthOf } from "./health.ts";
import { jobsMetric, serverMetrics } from "./metrics.ts";
import { workerApp } from "./worker-app.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** What a process without API answers with this health. */
async function asked(health: Health) {
  const app = await workerApp(null, { health, metrics: serverMetrics(server.services) });
  try {
    const answer = await app.inject({ url: "/readyz" });
    return {
      status: answer.statusCode,
      body: answer.json(),
      alive: (await app.inject({ url: "/healthz" })).statusCode,
    };
  } finally {
    await app.close();
  }
}

describe("/readyz", () => {
  it("says yes when database, migrations and knowledge are there", async () => {
    expect((await server.app.inject({ url: "/readyz" })).json()).toEqual({ status: "ready" });
  });

  it("says no while the server is being stopped; it lives all the same", async () => {
    const health = healthOf(server.services);
    health.drain();
    expect(await asked(health)).toEqual({
      status: 503,
      alive: 200,
      body: { status: "not ready", reasons: [{ check: "draining", why: expect.any(String) }] },
    });
  });

  it.each([
    ["does not answer", async () => Promise.reject(new Error("connect ECONNREFUSED")), "database", /ECONNREFUSED/],
    ["hangs", () => new Promise(() => undefined), "database", /3 s/],
    ["was changed by a newer program", async () => ({ rows: [{ newest: 9999 }] }), "migrations", /newer/],
    ["is of an older program", async () => ({ rows: [{ newest: 1 }] }), "migrations", /1 of/],
  ])("says no when the database %s", async (_, query, ...[check, why]) => {
    const pool = Object.assign(Object.create(server.services.pool), { query });
    const { status, body, alive } = await asked(healthOf({ ...server.services, pool }));
    expect([status, alive]).toEqual([503, 200]);
    expect(body.reasons).toEqual([{ check, why: expect.stringMatching(why) }]);
  });

  it("says no when knowledge cannot be read", async () => {
    const knowledge = {
      ...server.services.knowledge,
      current: () => {
        throw new Error("the file is gone");
      },
    };
    const { body } = await asked(healthOf({ ...server.services, knowledge }));
    expect(body.reasons).toEqual([{ check: "knowledge", why: "the file is gone" }]);
  });
});

describe("/metrics", () => {
  it("is for those who may see it", async () => {
    const read = async (headers = {}) => (await server.app.inject({ url: "/metrics", headers })).statusCode;
    expect(await read()).toBe(401);
    expect(await read(await server.token())).toBe(403);
    expect(await read(await server.token({ role: "ROLE_ADMIN" }))).toBe(200);
  });

  it("counts requests by route, not by what clients make up, and scans by outcome", async () => {
    const headers = await server.token();
    await sendScan(server, headers, { sbom: alpineWith(apk("zlib", "1.2.12-r0")), name: "a" });
    for (let n = 0; n < 50; n++) {
      await server.app.inject({ url: `/made-up/${n}`, headers: { "x-request-id": `made-up-${n}` } });
      await server.app.inject({ method: "GET", url: `/secure/vulnerability/v1/results/${n}?x=${n}`, headers });
    }
    await server.app.inject({
      method: "POST",
      url: "/secure/vulnerability/v1/scans",
      headers,
      payload: { upload: "no" },
    });
    const admin = await server.token({ role: "ROLE_ADMIN" });
    const { body } = await server.app.inject({ url: "/metrics", headers: admin });
    expect(body).toMatch(/^plimsoll_http_requests_total\{method="GET",route="none",status="404"\} 50$/m);
    expect(body).toMatch(/^plimsoll_scans_total\{outcome="kept"\} 1$/m);
    expect(body).toMatch(/^plimsoll_scans_total\{outcome="refused"\} 1$/m);
    expect(body).toMatch(/^plimsoll_knowledge_age_seconds \d+/m);
    expect(body).toMatch(/^plimsoll_database_connections\{state="waiting"\} 0$/m);
    expect(body).toMatch(
      /^plimsoll_http_request_duration_seconds_bucket\{le="0.2",method="POST",route="\/secure\/vulnerability\/v1\/scans"\} \d/m,
    );
    expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(body).toMatch(/^process_resident_memory_bytes \d/m);
    expect(body).not.toMatch(/made-up/);
  });

  it("keeps its other numbers when one source cannot be asked", async () => {
    const broken = {
      name: "plimsoll_test",
      help: "x",
      label: "state",
      read: () => Promise.reject(new Error("away")),
    };
    const text = await serverMetrics(server.services, [broken, jobsMetric(server.services)]).text();
    expect(text).toMatch(/^plimsoll_jobs\{state="queued"\} 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes/m);
  });
});

describe("headers that browsers heed", () => {
  it("are on every answer, also on an error", async () => {
    for (const url of ["/healthz", "/nowhere"]) {
      const { headers } = await server.app.inject({ url });
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["content-security-policy"]).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(headers["content-security-policy"]).not.toMatch(/upgrade-insecure/);
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
  });
});
