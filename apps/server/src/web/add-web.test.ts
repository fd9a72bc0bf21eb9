import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWeb } from "./add-web.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-web-"));
let app: FastifyInstance;
beforeAll(() => {
  writeFileSync(join(folder, "index.html"), '<title>a</title><base href="/" />');
  writeFileSync(join(folder, "mark.svg"), "<svg/>");
  app = Fastify();
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ type: "NOT_FOUND" }));
  addWeb(app, { folder, basePath: "", random: (bytes) => new Uint8Array(bytes) });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const client = { accept: "application/json" };

describe("the web interface takes", () => {
  it.each([
    ["its root, whoever asks", { url: "/" }, "text/html"],
    ["a page that a browser asks for", { url: "/results/1?tab=layers", headers: browser }, "text/html"],
    ["a file", { url: "/mark.svg", headers: client }, "image/svg+xml"],
  ])("%s", async (_, asked, type) => {
    const answer = await app.inject(asked);
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, expect.stringContaining(type)]);
  });
});

describe("the web interface leaves to the API", () => {
  it.each([
    ["a path of another product, asked by a program that says nothing", "/prometheus/api/v1/query?query=up", {}],
    ["the same, by one that takes all", "/prometheus/api/v1/query", { accept: "*/*" }],
    ["the same, by one that wants JSON", "/api2/x", client],
    ["a path of the API, whoever asks", "/secure/vulnerability/v1/nothing", browser],
    ["a file that is not there", "/assets/gone.js", browser],
  ])("%s", async (_, url, headers) => {
    const answer = await app.inject({ url, headers });
    expect([answer.statusCode, answer.json().type]).toEqual([404, "NOT_FOUND"]);
  });
});
