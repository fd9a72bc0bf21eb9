import type { DiffId, Layer, Sbom } from "@plimsoll/model";
import { cyclonedxJsonCheck, cyclonedxXmlCheck } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alpineWith, apk, sendScan } from "./testing/send-scan.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let headers: { readonly authorization: string };
let others: { readonly authorization: string };
let resultId: string;
let bomIdentifier: string;

const imageId = `sha256:${"ab".repeat(32)}`;
const path = "/secure/vulnerability/v1beta1/sboms";

beforeAll(async () => {
  server = await startTestServer();
  const role = "ROLE_TEAM_EDIT";
  headers = await server.token({ team: await server.team(), role });
  others = await server.token({ team: await server.team(), role });
  await sendScan(server, headers, { sbom: imageOf("busybox"), name: "shop/app:0" });
  ({ resultId } = await sendScan(server, headers, { sbom: imageOf("zlib"), name: "shop/app:1" }));
  bomIdentifier = (await get(`/secure/vulnerability/v1/results/${resultId}`)).json().sbomId;
  const host: Sbom = {
    ...alpineWith(apk("expat", "2.4.1-r0")),
    source: { kind: "host", transport: "host", name: "pilot" },
  };
  await sendScan(server, headers, {
    sbom: host,
    name: "pilot",
    stage: "runtime",
    labels: { "host.hostName": "pilot" },
  });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** The same image, as two scanners saw it. */
function imageOf(name: string): Sbom {
  const diffId = `sha256:${"cd".repeat(32)}` as DiffId;
  const layer: Layer = { index: 0, command: "COPY <all> / # \u202e", diffId, chainId: null, digest: null, size: 1 };
  const config = { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" };
  return {
    ...alpineWith({ ...apk(name, "1.2.12-r0"), introducedIn: diffId }),
    source: { kind: "image", transport: "registry", name: "shop/app" },
    image: {
      imageId: imageId as NonNullable<Sbom["image"]>["imageId"],
      digest: null,
      os: "linux",
      architecture: "amd64",
      author: "",
      created: null,
      size: 1,
      config,
      layers: [layer],
    },
  };
}

async function get(url: string, more: object = {}) {
  return server.app.inject({ url, headers: { ...headers, ...more } });
}

const json = "application/vnd.cyclonedx+json";
const xml = "application/vnd.cyclonedx+xml";

describe("an SBOM", () => {
  it.each([
    [undefined, `${json}; version=1.5`, "1.5"],
    ["*/*", `${json}; version=1.5`, "1.5"],
    ["application/json", "application/json", "1.5"],
    [`${json}; version=1.6`, `${json}; version=1.6`, "1.6"],
    [`${json}; version=1.7, */*;q=0.1`, `${json}; version=1.7`, "1.7"],
  ])("for Accept %s is %s, valid by the published schema", async (accept, type, version) => {
    const answer = await get(`${path}?bomIdentifier=${bomIdentifier}`, accept === undefined ? {} : { accept });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, type]);
    expect((await cyclonedxJsonCheck(version))(answer.body)).toEqual([]);
    const bom = answer.json();
    expect([bom.specVersion, bom.serialNumber]).toEqual([version, `urn:uuid:${bomIdentifier}`]);
    expect(bom.metadata.component.name).toBe("shop/app:1");
    expect(bom.components.map(({ name }: { name: string }) => name)).toContain("zlib");
  });

  it.each([
    ["application/xml", "application/xml", "1.5"],
    ["text/xml;q=0.9, text/html", "text/xml", "1.5"],
    [xml, `${xml}; version=1.5`, "1.5"],
    [`${xml}; version=1.6`, `${xml}; version=1.6`, "1.6"],
    [`${xml}; version=1.7`, `${xml}; version=1.7`, "1.7"],
  ])("for Accept %s is %s, valid by the published schema", async (accept, type, version) => {
    const answer = await get(`${path}?bomIdentifier=${bomIdentifier}`, { accept });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, type]);
    expect(await cyclonedxXmlCheck(version)(answer.body)).toEqual([]);
    expect(answer.body).toContain(`serialNumber="urn:uuid:${bomIdentifier}"`);
  });

  it("names all there are where none fits, as the text that clients read", async () => {
    const answer = await get(`${path}?bomIdentifier=${bomIdentifier}`, { accept: "text/html, application/spdx+json" });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([406, "application/json; charset=utf-8"]);
    expect(typeof answer.json()).toBe("string");
    for (const type of [`${json}; version=1.5`, `${json}; version=1.7`, `${xml}; version=1.6`]) {
      expect(answer.json()).toContain(type);
    }
  });

  it("is the newest of an image, of a host, of an asset", async () => {
    const asked = async (query: string) => {
      const bom = (await get(`${path}?${query}`)).json();
      return [bom.metadata?.component.name, bom.components?.map(({ name }: { name: string }) => name).at(-1)];
    };
    expect(await asked(`assetId=${imageId}&assetType=container-image`)).toEqual(["shop/app:1", "zlib"]);
    expect(await asked(`assetId=${imageId.slice(7).toUpperCase()}&assetType=container-image`)).toEqual([
      "shop/app:1",
      "zlib",
    ]);
    expect(await asked("assetId=pilot&assetType=host")).toEqual(["pilot", "expat"]);
    expect(await asked(`assetId=${resultId.slice(0, 16)}&assetType=container-image`)).toEqual(["shop/app:1", "zlib"]);
    expect(await asked(`bomIdentifier=urn:uuid:${bomIdentifier.toUpperCase()}`)).toEqual(["shop/app:1", "zlib"]);
  });

  it.each([
    ["nothing", ""],
    ["an asset without its type", `assetId=${imageId}`],
    ["a type alone", "assetType=host"],
    ["another type", "assetId=a&assetType=serverless"],
    ["an empty id", "assetId=&assetType=host"],
  ])("is not found by %s: 400", async (_, query) => {
    const answer = await get(`${path}?${query}`);
    expect([answer.statusCode, answer.json().type]).toEqual([400, "BAD_REQUEST"]);
  });

  it.each([
    ["another identifier", "bomIdentifier=01234567-89ab-8def-8123-456789abcdef"],
    ["what is no identifier", "bomIdentifier=1'%20or%201=1"],
    ["another image", `assetId=sha256:${"0".repeat(64)}&assetType=container-image`],
    ["a host that is none", "assetId=shop/app:1&assetType=host"],
    ["a name with NUL", "assetId=a%00b&assetType=host"],
    ["an image by a name", "assetId=shop/app:1&assetType=container-image"],
  ])("is not found by %s: 404", async (_, query) => {
    const answer = await get(`${path}?${query}`);
    expect([answer.statusCode, answer.json().type]).toEqual([404, "NOT_FOUND"]);
  });

  it("is nobody's who may not see it", async () => {
    for (const query of [`bomIdentifier=${bomIdentifier}`, `assetId=${imageId}&assetType=container-image`]) {
      const answer = await server.app.inject({ url: `${path}?${query}`, headers: others });
      expect([query, answer.statusCode]).toEqual([query, 404]);
    }
    const scanner = await server.token({ role: "ROLE_TEAM_SCANNER" });
    expect(
      (await server.app.inject({ url: `${path}?bomIdentifier=${bomIdentifier}`, headers: scanner })).statusCode,
    ).toBe(403);
  });

  it("comes in pieces when it is large", async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => apk(`package-${n}`, "1-r0"));
    const sent = await sendScan(server, headers, { sbom: alpineWith(...many), name: "large:1" });
    const whole = (await get(`/secure/vulnerability/v1/results/${sent.resultId}`)).json();
    const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const answer = await fetch(`${url}${path}?bomIdentifier=${whole.sbomId}`, { headers });
    expect(answer.headers.get("transfer-encoding")).toBe("chunked");
    let pieces = 0;
    let text = "";
    const decoder = new TextDecoder();
    for await (const piece of answer.body ?? []) {
      pieces += 1;
      text += decoder.decode(piece, { stream: true });
    }
    expect(pieces).toBeGreaterThan(20);
    expect(JSON.parse(text).components).toHaveLength(20_001);
  });
});
