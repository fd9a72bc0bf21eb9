import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportV1 } from "@plimsoll/contract";
import { descriptorOf, imageOf, jsonBlob, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../testing/harbour.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const image = imageOf([[{ path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" }]]);
const bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  components: [{ type: "library", name: "lodash", version: "4.17.15", purl: "pkg:npm/lodash@4.17.15" }],
};

let harbour: Harbour;
let registry: TestRegistry;
let reference = "";
beforeAll(async () => {
  harbour = await openHarbour();
  registry = await startTestRegistry({ referrers: true });
  reference = `pull://${registry.push("shop/web", "1", image)}`;
  for (const [document, type] of [
    [jsonBlob(bom, "application/vnd.cyclonedx+json"), "application/vnd.cyclonedx+json"],
    [
      jsonBlob({ "@context": "https://openvex.dev/ns/v0.2.0" }, "application/json"),
      "application/vnd.openvex\u001b[31m",
    ],
  ] as const) {
    const config = jsonBlob({}, "application/vnd.oci.empty.v1+json");
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      artifactType: type,
      config: descriptorOf(config),
      layers: [descriptorOf(document)],
      subject: descriptorOf(image.manifest),
    };
    registry.put("shop/web", [], { manifest: jsonBlob(manifest, manifestType), blobs: [document, config] });
  }
});
afterAll(async () => {
  harbour?.close();
  await registry?.close();
});

describe("plimsoll attachments", () => {
  it("lists them, harmlessly", async () => {
    const { code, stdout, stderr } = await harbour.run(["attachments", reference]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(
      /^sbom {8} *\d+ B {2}sha256:[0-9a-f]{64} {2}referrers {6}application\/vnd\.cyclonedx\+json$/,
    );
    expect(lines[1]).toMatch(/^vex .*application\/vnd\.openvex\\u\{1b\}\[31m$/);
    expect(lines).toHaveLength(2);
  });

  it("fetches the SBOM, which scans to what it lists", async () => {
    const path = join(harbour.folder, "attached.json");
    const { code, stderr } = await harbour.run(["attachments", "--fetch", "sbom", "--output", path, reference]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(bom);
    const scanned = await harbour.run(["scan", `sbom:${path}`, "-d", harbour.db, "-n", "--allow-incomplete"]);
    expect(scanned.stdout).toContain("CVE-2021-23337");
  });

  it.each([
    ["signature", "ATTACHMENT_NOT_FOUND", 3],
    ["sha256:0000000", "ATTACHMENT_NOT_FOUND", 3],
  ])("--fetch %s: %s", async (wanted, word, exit) => {
    const { code, stderr } = await harbour.run(["attachments", "--fetch", wanted, reference]);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(`[${word}]`)]);
  });

  it("a scan looks for them only when asked, and says what it found", async () => {
    const args = ["scan", reference, "-d", harbour.db, "-n", "--allow-incomplete"];
    const before = registry.requests.length;
    expect((await harbour.run(args)).stdout).not.toContain("Attached");
    expect(registry.requests.slice(before).filter(({ path }) => /referrers|\.att/.test(path))).toEqual([]);
    const { stdout } = await harbour.run([...args, "--attachments"]);
    expect(stdout).toMatch(/^Attached +1 SBOM, 1 VEX document \(not verified\)$/m);
    const json = await harbour.run([...args, "--attachments", "--output", "json"]);
    const { attachments } = reportV1.parse(JSON.parse(json.stdout)).result.source ?? {};
    expect(attachments?.map(({ kind, via }) => `${kind} ${via}`)).toEqual(["sbom referrers", "vex referrers"]);
    const cyclonedx = await harbour.run(["sbom", reference, "--attachments"]);
    expect(cyclonedx.stdout).toMatch(/"sbom sha256:[0-9a-f]{64} application\/vnd\.cyclonedx\+json"/);
    const path = join(harbour.folder, "own.json");
    await harbour.run(["sbom", reference, "--attachments", "--output", `plimsoll-json=${path}`]);
    const again = await harbour.run(["scan", `sbom:${path}`, "-d", harbour.db, "-n", "--allow-incomplete"]);
    expect(again.stdout).toContain("1 VEX document");
  });
});
