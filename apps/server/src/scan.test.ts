import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { evaluate } from "@plimsoll/evaluate";
import type { Sbom } from "@plimsoll/model";
import { rematch } from "@plimsoll/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, uploadOf } from "./testing/send-scan.ts";
import { now, startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const sbom: Sbom = alpineWith(apk("libcrypto3", "3.1.0-r0"), apk("zlib", "1.2.12-r0"));

const octets = { "content-type": "application/octet-stream" };

async function put(sha256: string, bytes: Uint8Array, options: { headers: object; offset?: number }) {
  return server.app.inject({
    method: "PUT",
    url: `/secure/vulnerability/v1/uploads/${sha256}?offset=${options.offset ?? 0}`,
    headers: { ...octets, ...options.headers },
    payload: Buffer.from(bytes),
  });
}

async function submit(headers: object, body: object) {
  return server.app.inject({
    method: "POST",
    url: "/secure/vulnerability/v1/scans",
    headers: { ...headers },
    payload: body,
  });
}

describe("sending a scan", () => {
  it("answers what a local scan with the same knowledge and clock finds, byte for byte", async () => {
    const headers = await server.token();
    const { bytes, sha256 } = uploadOf(sbom);
    expect((await put(sha256, bytes, { headers })).json()).toEqual({ received: bytes.length });
    const answer = await submit(headers, { upload: sha256, name: "shop" });
    expect(answer.statusCode).toBe(200);
    const local = evaluate(sbom, server.base, { now, stage: "pipeline" });
    expect(local.findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer.json().report)).toBe(JSON.stringify(local));
    expect(answer.json().resultId).toMatch(/^[0-9a-f]{32}$/);
  });

  it("goes on where an upload broke off; a piece sent twice is no harm, a gap is told", async () => {
    const headers = await server.token();
    const { bytes, sha256 } = uploadOf({ ...sbom, distro: null });
    const half = bytes.length >> 1;
    expect((await put(sha256, bytes.subarray(0, half), { headers })).statusCode).toBe(200);
    expect((await put(sha256, bytes.subarray(0, half), { headers })).json()).toEqual({ received: half });
    const gap = await put(sha256, bytes.subarray(half + 1), { headers, offset: half + 1 });
    expect(gap.json()).toMatchObject({ type: "UPLOAD_GAP" });
    const state = await server.app.inject({ url: `/secure/vulnerability/v1/uploads/${sha256}`, headers });
    expect(state.json()).toEqual({ received: half });
    expect((await put(sha256, bytes.subarray(half), { headers, offset: half })).statusCode).toBe(200);
    expect((await submit(headers, { upload: sha256 })).statusCode).toBe(200);
  });

  it("does not let one token use what another uploaded", async () => {
    const { bytes, sha256 } = uploadOf({ ...sbom, packages: [] });
    await put(sha256, bytes, { headers: await server.token() });
    const answer = await submit(await server.token(), { upload: sha256 });
    expect(answer.statusCode).toBe(404);
  });

  it("keeps a result that does not change when knowledge does", async () => {
    const headers = await server.token();
    const { bytes, sha256 } = uploadOf({ ...sbom, packages: sbom.packages.slice(1) });
    await put(sha256, bytes, { headers });
    const { resultId } = (await submit(headers, { upload: sha256 })).json();
    const read = async () =>
      (
        await server.services.pool.query(
          "select b.bytes from result r join blob b on b.sha256 = r.report where r.id = decode($1, 'hex')",
          [resultId],
        )
      ).rows[0]?.bytes.toString("hex");
    const before = await read();
    expect(before).toMatch(/^28b52ffd/);
    const { pool } = server.services;
    const nothing = { revision: "nothing", builtAt: "2020-01-01T00:00:00Z", changed: null, findingsOf: () => [] };
    const { images } = await rematch(pool, nothing, now);
    expect(images).toBeGreaterThan(0);
    expect(await read()).toBe(before);
    // The next scan finds that knowledge has moved on, and is judged by what this server knows.
    await put(sha256, bytes, { headers });
    expect((await submit(headers, { upload: sha256 })).json().report.knowledge.starter).toBe(true);
  });
});

describe("what is refused, in the contract's words", () => {
  it.each([
    ["no token", {}],
    ["a token that nobody made", { authorization: `Bearer plm_${"x".repeat(43)}` }],
    ["another kind of credentials", { authorization: "Basic eDp5" }],
  ])("%s", async (_, headers) => {
    const answer = await submit(headers, { upload: "0".repeat(64) });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      type: "UNAUTHENTICATED",
      message: expect.any(String),
      details: [expect.any(String)],
    });
  });

  it("a token that has expired", async () => {
    const headers = await server.token({ expiresAt: new Date(now - 1000).toISOString() });
    expect((await submit(headers, { upload: "0".repeat(64) })).statusCode).toBe(401);
  });

  it("a role that may not", async () => {
    const answer = await submit(await server.token({ role: "ROLE_TEAM_READ" }), { upload: "0".repeat(64) });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().message).toContain("scans.send");
  });

  it.each([
    ["no JSON", "{", 400],
    ["another shape", { upload: 5 }, 400],
    ["an upload that nobody sent", { upload: "f".repeat(64) }, 404],
    ["a body beyond all measure", { upload: "f".repeat(64), name: "x".repeat(2 ** 21) }, 413],
  ])("%s", async (_, payload, status) => {
    const headers = { ...(await server.token()), "content-type": "application/json" };
    const answer = await server.app.inject({
      method: "POST",
      url: "//secure/vulnerability/v1/scans",
      headers,
      payload,
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: expect.any(String), details: expect.any(Array) });
  });

  it.each([
    ["what is not compressed", Buffer.from(JSON.stringify(sbom))],
    ["what is no SBOM", zstdCompressSync("[]")],
    ["a text that unfolds to a gigabyte", zstdCompressSync(Buffer.alloc(2 ** 30))],
  ])("an upload of %s", async (_, bytes) => {
    const headers = await server.token();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await put(sha256, bytes, { headers });
    const answer = await submit(headers, { upload: sha256 });
    expect(answer.statusCode).toBe(400);
  });

  it("an upload that is not what its name says", async () => {
    const headers = await server.token();
    await put("a".repeat(64), Buffer.from("b"), { headers });
    expect((await submit(headers, { upload: "a".repeat(64) })).json()).toMatchObject({ type: "UPLOAD_DAMAGED" });
  });
});

it("documents every endpoint with its permission's words", () => {
  const { paths } = server.app.swagger();
  expect(Object.keys(paths ?? {})).toContain("/secure/vulnerability/v1/scans");
});
