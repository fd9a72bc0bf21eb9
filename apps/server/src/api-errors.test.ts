import { apiError } from "@plimsoll/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayToPort } from "./testing/say-to-port.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let port: number;
let headers: { readonly authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  headers = await server.token({ role: "ROLE_ADMIN" });
  port = Number(new URL(await server.app.listen({ port: 0, host: "127.0.0.1" })).port);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const scans = "/secure/vulnerability/v1/scans";
const upload = `/secure/vulnerability/v1/uploads/${"a".repeat(64)}`;
const results = "/secure/vulnerability/v1/pipeline-results";
const json = { "content-type": "application/json" };

describe("every refusal is {type, message, details} with the right status", () => {
  it.each([
    ["malformed JSON", "POST", scans, json, "{", 400, "BAD_REQUEST"],
    ["an empty body that calls itself JSON", "POST", scans, json, "", 400, "BAD_REQUEST"],
    ["the same where bytes are taken", "PUT", upload, json, "", 415, "BODY_NOT_TAKEN"],
    ["no body where bytes are taken", "PUT", upload, {}, undefined, 415, "BODY_NOT_TAKEN"],
    ["a key that would change prototypes", "POST", scans, json, '{"__proto__": {"a": 1}}', 400, "BAD_REQUEST"],
    ["JSON of another shape", "POST", scans, json, "[]", 400, "BAD_REQUEST"],
    ["no body at all", "POST", scans, {}, undefined, 400, "BAD_REQUEST"],
    ["text", "POST", scans, { "content-type": "text/plain" }, "{}", 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "a form",
      "POST",
      scans,
      { "content-type": "application/x-www-form-urlencoded" },
      "a=b",
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["no media type", "POST", scans, { "content-type": "nonsense" }, "{}", 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "bytes where JSON is taken",
      "POST",
      scans,
      { "content-type": "application/octet-stream" },
      "{}",
      415,
      "BODY_NOT_TAKEN",
    ],
    ["JSON where bytes are taken", "PUT", upload, json, "{}", 415, "BODY_NOT_TAKEN"],
    ["a body beyond all measure", "POST", scans, json, `"${"x".repeat(2 ** 21)}"`, 413, "TOO_LARGE"],
    ["a path that nothing has", "GET", "/secure/vulnerability/v9/nothing", {}, undefined, 404, "NOT_FOUND"],
    ["the root of nothing", "GET", "/nowhere", {}, undefined, 404, "NOT_FOUND"],
    ["another method", "DELETE", results, {}, undefined, 405, "METHOD_NOT_ALLOWED"],
    ["another method with a slash too many", "PATCH", `/${results}/?limit=1`, {}, undefined, 405, "METHOD_NOT_ALLOWED"],
    ["an escape that breaks off", "GET", `${results}/%zz`, {}, undefined, 400, "BAD_REQUEST"],
    [
      "an id without end",
      "GET",
      `/secure/vulnerability/v1/results/${"a".repeat(1000)}`,
      {},
      undefined,
      414,
      "PATH_TOO_LONG",
    ],
    ["a number that is none", "GET", `${results}?limit=many`, {}, undefined, 400, "BAD_REQUEST"],
    ["a parameter twice", "GET", `${results}?limit=1&limit=2`, {}, undefined, 400, "BAD_REQUEST"],
    ["what is not built yet", "GET", "/secure/vulnerability/v1/policies", {}, undefined, 501, "NOT_BUILT"],
    ["what is not built yet, changed", "POST", "/api/sysql/v2/query", json, '{"q": "MATCH"}', 501, "NOT_BUILT"],
  ] as const)("%s", async (...row) => {
    const [, method, url, more, payload, status, type] = row;
    const answer = await server.app.inject({
      method,
      url,
      headers: { ...headers, ...more },
      ...(payload !== undefined && { payload }),
    });
    expect([answer.statusCode, answer.json().type]).toEqual([status, type]);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    const body = apiError.strict().parse(answer.json());
    expect(body.details.every((detail) => detail.length > 0 && detail.length < 1000)).toBe(true);
    if (status === 405) expect(answer.headers.allow).toBe("GET, HEAD");
  });

  it("asks for a token before it says that something is not built yet", async () => {
    const answer = await server.app.inject({ url: "/platform/jira/v1/integrations" });
    expect([answer.statusCode, answer.json().type]).toEqual([401, "UNAUTHENTICATED"]);
  });

  it.each([
    ["no HTTP", "nonsense\r\n\r\n", 400],
    ["headers without end", `GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(40_000)}\r\n\r\n`, 431],
  ])("%s", async (_, text, status) => {
    const answer = await sayToPort(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [, body = ""] = answer.split("\r\n\r\n");
    expect(apiError.parse(JSON.parse(body)).type).toMatch(/^[A-Z_]+$/);
  });
});
