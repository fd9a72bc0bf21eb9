import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { evaluate } from "../evaluate.ts";

const distro = { id: "debian", idLike: [], versionId: "12.5" };
const deb = (name: string, vendor = "Vendor <support@vendor.example>") =>
  packageSample({
    id: name,
    ecosystem: "deb",
    name,
    version: "1.0-1",
    purl: `pkg:deb/debian/${name}@1.0-1`,
    locations: [],
    vendor,
  });
const requests = (id: string, owner: string) =>
  packageSample({ id, ecosystem: "pypi", name: "requests", version: "2.0", ownedBy: `pkg:deb/debian/${owner}@1.0-1` });
const knowledge = memoryKnowledge([
  advisory("GHSA-1", [affected("pypi requests", [{ fixed: "3.0" }])]),
  advisory("CVE-2020-1", [affected("debian:12 python-vendored", [{ fixed: "0.5-1" }])]),
]);
const options = { now: Date.parse("2026-01-01"), stage: "pipeline" } as const;

function foundIn(packages: Parameters<typeof sbomSample>[0] & object): string[] {
  return evaluate(sbomSample({ distro, ...packages }), knowledge, options).findings.map(({ packageId }) => packageId);
}

describe("language packages that an OS package owns", () => {
  it.each([
    ["a vendor's, never named by the distro", deb("cloud-cli"), ["b"]],
    ["the distro's by its vendor", deb("cloud-cli", "Jane <jane@debian.org>"), []],
    ["a team's of the distro", deb("cloud-cli", "Team <team+x@tracker.debian.org>"), []],
    ["a look-alike's", deb("cloud-cli", "Eve <eve@debian.org.example>"), ["b"]],
    ["named by the distro's advisories", deb("python-vendored"), []],
    ["of no known vendor", packageSample({ ...deb("cloud-cli"), vendor: "" }), ["b"]],
  ] as const)("are judged by their ecosystem only where the owner is a vendor's: %s", (_, owner, expected) => {
    expect(foundIn({ packages: [owner, requests("b", owner.name)] })).toEqual(expected);
  });

  it("stay the distro's where no feed covers it, and where their owner is not in the SBOM", () => {
    const packages = [deb("cloud-cli"), requests("b", "cloud-cli"), requests("c", "gone")];
    expect(foundIn({ packages, distro: { ...distro, versionId: "7" } })).toEqual([]);
    expect(foundIn({ packages })).toEqual(["b"]);
  });
});
