import { openapiCheck } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tags } from "./openapi-tags.ts";
import { routes } from "./routes.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: unknown }>> }>>;
  readonly requestBody?: { readonly content: object };
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let server: TestServer;
let document: Document;
let text: string;
beforeAll(async () => {
  server = await startTestServer();
  text = (await server.app.inject({ url: "/api/docs/json" })).body;
  document = JSON.parse(text);
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const operationOf = (route: (typeof routes)[number]) =>
  document.paths[route.path.replace(/:(\w+)/g, "{$1}")]?.[route.method.toLowerCase()];

describe("the API's document", () => {
  it("is OpenAPI 3.1, by the published schema", async () => {
    const check = await openapiCheck();
    expect(check(text)).toEqual([]);
    expect(check(text.replace('"openapi":"3.1', '"openapi":"2.1'))).not.toEqual([]);
    expect(check(text.replace('"type":"string"', '"type":"word"'))).not.toEqual([]);
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))("shows %s", (_, route) => {
    const operation = operationOf(route);
    expect(operation?.summary).toBe(route.summary);
    expect(tags).toContain(operation?.tags[0]);
    expect(operation?.tags).not.toEqual(["Other"]);
    const isOpen = route.permission === "nobody";
    expect(operation?.security).toEqual(isOpen ? [] : [{ token: [] }, { session: [] }]);
    const statuses = Object.keys(operation?.responses ?? {});
    expect(statuses).toEqual(expect.arrayContaining([String(route.status ?? 200), "429", "500"]));
    if (!isOpen) expect(statuses).toContain("401");
    if (route.schemas.body !== undefined || route.takes === "bytes") {
      expect(operation?.requestBody?.content).toBeDefined();
      expect(statuses).toEqual(expect.arrayContaining(["400", "413", "415"]));
    }
  });

  it("shows nothing that is no route", () => {
    const shown = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(shown).toHaveLength(routes.length);
  });

  it("gives every operation a name of its own, and every reference a target", () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const references = [...text.matchAll(/"\$ref":"#\/components\/([^/"]+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    const dangling = references.filter(([, kind = "", name = ""]) => document.components[kind]?.[name] === undefined);
    expect(dangling.map(([reference]) => reference)).toEqual([]);
  });

  it("says what errors look like, and which media types an SBOM has", () => {
    const sbom = document.paths["/secure/vulnerability/v1beta1/sboms"]?.get;
    expect(Object.keys(sbom?.responses["200"]?.content ?? {})).toContain("application/vnd.cyclonedx+xml; version=1.7");
    expect(sbom?.responses["406"]?.content?.["application/json"]?.schema).toMatchObject({ type: "string" });
    const results = document.paths["/secure/vulnerability/v1/results/{resultId}"]?.get;
    expect(JSON.stringify(results?.responses["404"])).toContain("#/components/schemas/Error");
    expect(JSON.stringify(results?.responses["200"])).toContain("ScanResultResponse");
    expect(JSON.stringify(document.components.schemas?.ScanResultResponse)).toContain("globalEvaluation");
  });
});

describe("the page to browse it", () => {
  const get = (url: string) => server.app.inject({ url });

  it("loads nothing from elsewhere, runs nothing inline, and cannot be framed", async () => {
    const page = await get("/api/docs/");
    expect(page.statusCode).toBe(200);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|(?:src|href)="(?!\.\/)/);
    const parts = [...page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect((await get(`/api/docs/${part}`)).statusCode, part).toBe(200);
  });

  it("finds its parts and the API behind any path that a proxy puts before it", async () => {
    const first = await get("/api/docs");
    expect([first.statusCode, first.headers.location]).toEqual([302, "docs/"]);
    expect(new URL("docs/", "https://a.example/pre/fix/api/docs").pathname).toBe("/pre/fix/api/docs/");
    const [place] = document.servers;
    expect(new URL(place?.url ?? "", "https://a.example/pre/fix/api/docs/json").pathname).toBe("/pre/fix/");
  });

  it("offers the document as YAML too", async () => {
    const yaml = await get("/api/docs/yaml");
    expect([yaml.statusCode, yaml.body.startsWith("openapi: 3.1")]).toEqual([200, true]);
  });

  it.each(["/api/docs/static/../../../package.json", "/api/docs/static/%2e%2e/%2e%2e/package.json"])(
    "gives no other file: %s",
    async (url) => {
      expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
    },
  );
});
