import { descriptorOf, imageOf, jsonBlob, sha256Of, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pourInto, startOddRegistry } from "./odd-server.ts";
import { openStage, type Stage, wholeLayers } from "./stage.ts";

const indexType = "application/vnd.oci.image.index.v1+json";
const image = imageOf(wholeLayers);

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

describe.concurrent("attachments of a hostile registry", () => {
  it("a list that pours: said, and the rest is listed", async () => {
    await using server = await startOddRegistry((request, response) => {
      if (request.url?.includes("/manifests/1") === true) return void response.end(image.manifest.bytes);
      if (request.url?.includes("/referrers/") !== true) return void response.writeHead(404).end();
      response.setHeader("content-type", indexType);
      pourInto(response, Buffer.alloc(65_536, 32));
    });
    const child = await stage.run(["attachments", `${server.host}/shop/web:1`]);
    expect([child.code, child.stdout]).toEqual([0, expect.stringContaining("nothing is attached")]);
    expect(child.stderr).toContain("not all attachments of the image could be listed");
    expect(child.peakRssBytes / 1e6).toBeLessThan(200);
  });

  it("a list of 20,000: as many are read as is sane", async () => {
    const listed = { ...descriptorOf(image.manifest), digest: sha256Of("x") };
    const manifests = Array.from({ length: 20_000 }, (_, index) => ({ ...listed, digest: sha256Of(String(index)) }));
    const index = jsonBlob({ schemaVersion: 2, mediaType: indexType, manifests }, indexType);
    registry.put("hostile/many", [image.manifest.digest.replace(":", "-")], { manifest: index });
    const child = await stage.run(["attachments", registry.push("hostile/many", "1", image)], { timeoutMs: 60_000 });
    expect(child.code).toBe(0);
    const asked = registry.requests.filter(({ path }) => path.includes("hostile/many/manifests/sha256:"));
    expect(asked.length).toBeLessThan(250);
    expect(child.stderr).toContain("only the first 200");
  });
});
