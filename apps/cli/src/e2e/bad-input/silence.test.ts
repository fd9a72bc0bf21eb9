import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { imageOf, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
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
});
