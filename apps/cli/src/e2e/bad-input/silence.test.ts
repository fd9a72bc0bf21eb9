import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { imageOf, startTestProxy, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOddRegistry } from "./odd-server.ts";
import { expectRefusal, expectReport, namesIn, openStage, type Stage, wholeLayers, wholePackages } from "./stage.ts";

let stage: Stage;
let registry: TestRegistry;
beforeAll(async () => {
  stage = await openStage();
  registry = await startTestRegistry();
});
afterAll(async () => {
  stage?.close();
  await registry?.close();
});

const image = imageOf(wholeLayers);

// In a file of their own and side by side: each waits the 30 s that a user would.
describe.concurrent("what says nothing any more", () => {
  it("a registry that falls silent in the manifest: TIMEOUT after 30 s", { timeout: 60_000 }, async () => {
    const reference = registry.push("silent/manifest", "1", image);
    registry.addFault({ match: /GET \/v2\/silent\/manifest\/manifests/, kind: "stall", keepBytes: 20 });
    const child = await stage.scan(`pull://${reference}`, [], { timeoutMs: 50_000 });
    expectRefusal(child, { code: "TIMEOUT", exit: 3, says: ["30 s"], wallMs: 45_000 });
  });

  it("a registry that falls silent in a layer once: asked again after 30 s, the report is whole", {
    timeout: 60_000,
  }, async () => {
    const reference = registry.push("silent/layer", "1", image);
    registry.addFault({
      match: new RegExp(`GET /v2/silent/layer/blobs/${image.layers[0]?.digest}`),
      kind: "stall",
      keepBytes: 50,
      times: 1,
    });
    const child = await stage.scan(`pull://${reference}`, [], { timeoutMs: 50_000 });
    expect(namesIn(expectReport(child, { exit: 0, wallMs: 45_000 }))).toEqual(wholePackages);
  });

  it("a credential helper that hangs: given up after 30 s", { timeout: 70_000 }, async () => {
    const helper = stage.save("hangs/docker-credential-hangs", "#!/bin/sh\nexec sleep 50\n");
    chmodSync(helper, 0o755);
    stage.save("hangs/config.json", '{"credsStore":"hangs"}');
    await using server = await startOddRegistry(
      (_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
    );
    const env = { DOCKER_CONFIG: dirname(helper), PATH: `${dirname(helper)}:${process.env.PATH ?? ""}` };
    const child = await stage.scan(`pull://${server.host}/shop/web:1`, [], { env, timeoutMs: 60_000 });
    expectRefusal(child, { code: "CREDENTIALS_MISSING", exit: 3, wallMs: 45_000 });
  });

  it("a registry that says nothing before its headers: asked once more, TIMEOUT after 20 s each", {
    timeout: 80_000,
  }, async () => {
    await using server = await startOddRegistry(() => undefined);
    const child = await stage.scan(`pull://${server.host}/shop/web:1`, [], { timeoutMs: 70_000 });
    expectRefusal(child, { code: "TIMEOUT", exit: 3, says: ["20 s"], wallMs: 55_000 });
    expect(server.requests.filter((request) => request.includes("/manifests/"))).toHaveLength(2);
  });

  it("a proxy that opens no tunnel: TIMEOUT", { timeout: 80_000 }, async () => {
    await using proxy = await startTestProxy({ tunnels: "hang" });
    const run = { env: { HTTPS_PROXY: proxy.url }, timeoutMs: 70_000 };
    const child = await stage.scan("pull://registry.test/shop/web:1", [], run);
    expectRefusal(child, { code: "TIMEOUT", exit: 3, wallMs: 55_000 });
  });

  it.each(["manifest", "layer"])(
    "a registry that drips its %s: TOO_SLOW within a minute or so",
    {
      timeout: 120_000,
    },
    async (what) => {
      await using server = await startOddRegistry((request, response) => {
        const isManifest = request.url?.includes("/manifests/") === true;
        if (isManifest && what !== "manifest") return void response.end(image.manifest.bytes);
        if (request.url?.endsWith(image.config.digest) === true) return void response.end(image.config.bytes);
        const drip = setInterval(() => response.write(" "), 100);
        response.once("close", () => clearInterval(drip));
      });
      const child = await stage.scan(`pull://${server.host}/shop/web:1`, [], { timeoutMs: 110_000 });
      const code = what === "manifest" ? "TOO_SLOW" : "TOO_SLOW|SIZE_MISMATCH";
      expectRefusal(child, { code, exit: 3, wallMs: 90_000 });
    },
  );
});
