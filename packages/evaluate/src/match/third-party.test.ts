import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { evaluate } from "../evaluate.ts";

const distro = { id: "debian", idLike: [], versionId: "12.5" };
const deb = (name: string) =>
  packageSample({
    id: name,
    ecosystem: "deb",
    name,
    version: "1.0-1",
    purl: `pkg:deb/debian/${name}@1.0-1`,
    locations: [],
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
  it("are the distro's business where its advisories know the owner, and their ecosystem's where they do not", () => {
    const packages = [
      deb("python-vendored"),
      deb("cloud-cli"),
      requests("a", "python-vendored"),
      requests("b", "cloud-cli"),
    ];
    expect(foundIn({ packages })).toEqual(["b"]);
  });

  it("stay the distro's where no feed covers it, and where their owner is not in the SBOM", () => {
    const packages = [deb("cloud-cli"), requests("b", "cloud-cli"), requests("c", "gone")];
    expect(foundIn({ packages, distro: { ...distro, versionId: "7" } })).toEqual([]);
    expect(foundIn({ packages })).toEqual(["b"]);
  });
});
