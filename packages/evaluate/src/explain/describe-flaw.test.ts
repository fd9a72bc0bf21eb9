import type { FeedRecord } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge, rating } from "../../test/memory-knowledge.ts";
import { describeFlaw } from "./describe-flaw.ts";

const row = affected("npm left-pad", [{ introduced: "1.0.0", fixed: "1.3.0" }], { scheme: "semver" });
const ghsa = advisory("GHSA-aaaa", [row, affected("npm left-pad-cli", [], { scheme: "semver" })], {
  vulnerabilities: ["CVE-2024-0001"],
  aliases: ["GHSA-aaaa"],
  published: "2024-02-03",
  severity: "high",
  title: "Padding goes left",
});
const score = { version: "3.1", score: 9.8, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" };
const nvd = rating("CVE-2024-0001", "nvd", { cvss: [score], published: "2024-02-01" });
const key = { ecosystem: "npm", name: "left-pad", version: "1.1.0", via: "direct", nameKind: null } as const;
const described = (records: readonly FeedRecord[], id: string, keys = [key]) =>
  describeFlaw(memoryKnowledge(records), id, keys);

describe("describeFlaw", () => {
  it("tells every source's word, under any id, each advisory once", () => {
    for (const id of ["CVE-2024-0001", "GHSA-aaaa"]) {
      expect(described([ghsa, nvd], id, [key, key])).toMatchObject({
        name: "CVE-2024-0001",
        aliases: ["GHSA-aaaa"],
        severity: "critical",
        severityProvider: "nvd",
        cvss: score,
        title: "Padding goes left",
        disclosed: { date: "2024-02-01", estimated: false },
        rejectedBy: null,
        sources: [
          { provider: "github", id: "GHSA-aaaa", kind: "advisory", severity: "high" },
          { provider: "nvd", id: "CVE-2024-0001", kind: "rating", cvss: [score] },
        ],
      });
    }
  });

  it("tells of advisories only where a package is asked about", () => {
    expect(described([ghsa, nvd], "CVE-2024-0001", [])?.sources.map(({ provider }) => provider)).toEqual(["nvd"]);
  });

  it("says who rejected it, and takes no title from a rejected record", () => {
    const rejected = rating("CVE-2024-0001", "nvd", { rejected: true, title: "REJECTED" });
    expect(described([ghsa, rejected], "CVE-2024-0001")).toMatchObject({
      rejectedBy: "nvd",
      title: "Padding goes left",
    });
  });

  it("leaves the score of an erratum with several flaws out of each of them", () => {
    const erratum = advisory("ALSA-1", [row], { vulnerabilities: ["CVE-2024-0001", "CVE-2024-0002"], cvss: [score] });
    expect(described([erratum], "CVE-2024-0002")).toMatchObject({ severity: "unknown", sources: [{ cvss: [] }] });
  });

  it("knows nothing of what nobody speaks of", () => {
    expect(described([ghsa, nvd], "CVE-2099-9999")).toBeNull();
  });
});
