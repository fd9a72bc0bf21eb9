import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FeedRecord } from "@plimsoll/model";
import { buildFromRecords, openVulndb } from "@plimsoll/vulndb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advisory, affected, exploit, memoryKnowledge, rating } from "../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../test/samples.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain/explain.ts";

const now = Date.parse("2024-06-30T12:00:00Z");
const cvss = [{ version: "3.1", score: 9.8, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }];
const records: FeedRecord[] = [
  advisory("GHSA-aaaa-bbbb-cccc", [affected("npm left-pad", [{ introduced: "1.0.0", fixed: "1.2.0" }])], {
    vulnerabilities: ["CVE-2024-1111"],
    aliases: ["GHSA-aaaa-bbbb-cccc"],
    severity: "high",
    published: "2024-02-02T00:00:00Z",
    title: "left-pad pads right",
  }),
  advisory(
    "ALSA-2024:1",
    [
      affected("almalinux:9 zlib", [{ fixed: "0:1.2.11-41.el9" }], { scheme: "rpm", nameKind: "binary" }),
      affected("almalinux:9 zlib-devel", [{ fixed: "0:1.2.11-41.el9" }], { scheme: "rpm", nameKind: "binary" }),
    ],
    {
      feed: "almalinux-osv",
      provider: "almalinux",
      vulnerabilities: ["CVE-2024-2222", "CVE-2024-3333"],
      severity: "medium",
      fixDate: "2024-03-03",
      published: "2024-03-03",
    },
  ),
  rating("CVE-2024-1111", "nvd", { cvss, published: "2024-02-01" }),
  rating("CVE-2024-3333", "nvd", { rejected: true }),
  exploit("CVE-2024-1111", { count: 3, links: ["https://example.test/poc"] }),
  {
    kind: "kev",
    feed: "kev",
    vulnerability: "CVE-2024-2222",
    added: "2024-04-01",
    due: "2024-04-22",
    ransomware: false,
  },
  { kind: "epss", feed: "epss", vulnerability: "CVE-2024-1111", score: 0.25, percentile: 0.75, date: "2024-06-25" },
];
const sbom = sbomSample({
  distro: { id: "almalinux", idLike: ["rhel"], versionId: "9.3" },
  packages: [
    packageSample(),
    packageSample({
      id: "z",
      ecosystem: "rpm",
      name: "zlib",
      version: "1.2.11-40.el9",
      source: { name: "zlib", version: "1.2.11-40.el9" },
    }),
    packageSample({ id: "y", ecosystem: "rpm", name: "zlib-devel", version: "1.2.11-41.el9" }),
  ],
});

describe("with a real database", () => {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-evaluate-"));
  const path = join(folder, "vulndb.sqlite");
  beforeAll(() => buildFromRecords(records, { out: path, now }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives the findings, fixes and policies that the knowledge in memory gives", () => {
    using base = openVulndb(path);
    const [real, memory] = [base, memoryKnowledge(records)].map((knowledge) => {
      const { findings, suggestedFixes, policies } = evaluate(sbom, knowledge, { now, stage: "pipeline" });
      return { findings, suggestedFixes, policies };
    });
    expect(real).toEqual(memory);
    expect(
      real?.findings.map(({ vulnerability, packageId, severity }) => [vulnerability, packageId, severity]),
    ).toEqual([
      ["CVE-2024-1111", "p1", "critical"],
      ["CVE-2024-2222", "z", "medium"],
    ]);
  });

  it("explains alike", () => {
    using base = openVulndb(path);
    for (const query of [
      { vulnerability: "GHSA-aaaa-bbbb-cccc" },
      { vulnerability: "CVE-2024-2222", package: "zlib" },
    ]) {
      expect(explain(sbom, base, query)).toEqual(explain(sbom, memoryKnowledge(records), query));
    }
  });
});
