import type { Affected, FeedRecord, Finding, Package } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { KnowledgeCache } from "./knowledge-cache.ts";
import { matchPackages } from "./match.ts";

const alma = { id: "almalinux", idLike: ["rhel"], versionId: "9.3" };
function found(pkg: Package, records: readonly FeedRecord[]): Finding | undefined {
  const sbom = sbomSample({ packages: [pkg], distro: alma });
  return matchPackages(sbom, new KnowledgeCache(memoryKnowledge(records))).findings[0];
}

describe("fixes", () => {
  const fixOf = (version: string, rows: readonly (readonly [string, Affected["ranges"], Partial<Affected>?])[]) => {
    const records = rows.map(([id, ranges, rest]) =>
      advisory(id, [affected("npm x", ranges, rest)], {
        vulnerabilities: ["CVE-2024-1"],
        aliases: [id],
        published: "2024-01-02",
      }),
    );
    const finding = found(packageSample({ name: "x", version }), records);
    return finding === undefined ? null : [finding.fixState, finding.fixVersion ?? null];
  };
  const lines: Affected["ranges"] = [
    { introduced: "1.0.0", fixed: "1.5.0" },
    { introduced: "2.0.0", fixed: "2.3.0" },
  ];

  it("is the one of the version's own line", () => {
    expect(fixOf("1.1.0", [["A", lines]])).toEqual(["fixed", "1.5.0"]);
    expect(fixOf("2.1.0", [["A", lines]])).toEqual(["fixed", "2.3.0"]);
  });

  it("is in the next line when the own line has none", () => {
    const ended: Affected["ranges"] = [
      { introduced: "1.0.0", lastAffected: "1.9.9" },
      { introduced: "2.0.0", fixed: "2.3.0" },
    ];
    expect(fixOf("1.1.0", [["A", ended]])).toEqual(["fixed", "2.3.0"]);
  });

  it("is in the next line also when the advisory tells each line in a row of its own", () => {
    const records = [
      advisory(
        "A",
        [
          affected("npm x", [{ introduced: "4.0.0", lastAffected: "4.0.6" }], { fixState: "unknown" }),
          affected("npm x", [{ introduced: "4.1.0", fixed: "4.1.10" }]),
        ],
        { vulnerabilities: ["CVE-2024-1"], aliases: ["A"] },
      ),
    ];
    const finding = found(packageSample({ name: "x", version: "4.0.1" }), records);
    expect([finding?.fixState, finding?.fixVersion]).toEqual(["fixed", "4.1.10"]);
  });

  it("is unknown while one row never ends, whatever others fix", () => {
    const rows = [
      affected("npm x", [{ introduced: "1.0.0" }], { fixState: "not-fixed" }),
      affected("npm x", [{ introduced: "4.1.0", fixed: "4.1.10" }]),
    ];
    const finding = found(packageSample({ name: "x", version: "1.0.1" }), [
      advisory("A", rows, { vulnerabilities: ["CVE-2024-1"], aliases: ["A"] }),
    ]);
    expect([finding?.fixState, finding?.fixVersion]).toEqual(["not-fixed", undefined]);
  });

  it("is the fuller of two texts of one version", () => {
    expect(
      fixOf("1.1.0", [
        ["A", [{ fixed: "1.5" }]],
        ["B", [{ fixed: "1.5.0" }]],
      ]),
    ).toEqual(["fixed", "1.5.0"]);
  });

  it("clears the flaw by every advisory, where one version does", () => {
    expect(
      fixOf("1.1.0", [
        ["A", [{ fixed: "1.5.0" }]],
        ["B", [{ fixed: "1.6.0" }]],
      ]),
    ).toEqual(["fixed", "1.6.0"]);
    expect(
      fixOf("1.1.0", [
        ["A", [{ fixed: "1.10.0" }]],
        ["B", [{ introduced: "0" }]],
      ]),
    ).toEqual(["fixed", "1.10.0"]);
  });

  it("is not the end of one range where another begins", () => {
    const broken: Affected["ranges"] = [
      { introduced: "1.0.0", fixed: "1.5.0" },
      { introduced: "2.0.0", fixed: "2.3.0" },
    ];
    expect(
      fixOf("1.1.0", [
        ["A", broken],
        ["B", [{ fixed: "2.1.0" }]],
      ]),
    ).toEqual(["fixed", "2.3.0"]);
  });

  it("is found beside a list of single versions", () => {
    expect(fixOf("1.1.0", [["A", [{ introduced: "1.2.0", fixed: "1.5.0" }], { versions: ["1.1.0"] }]])).toEqual([
      "fixed",
      "1.5.0",
    ]);
  });

  it("is none where the advisory claims none", () => {
    expect(fixOf("1.1.0", [["A", [{ fixed: "1.5.0" }], { fixState: "unknown" }]])).toEqual(["unknown", null]);
    expect(
      fixOf("1.1.0", [
        ["A", [{}], { fixState: "not-fixed" }],
        ["B", [{}], { fixState: "wont-fix" }],
      ]),
    ).toEqual(["wont-fix", null]);
  });

  it("is the distro's own where other publishers speak too", () => {
    const record = (id: string, provider: string, fixed: string) =>
      advisory(id, [affected("almalinux:9 zlib", [{ fixed }], { scheme: "rpm", nameKind: "binary" })], {
        provider,
        vulnerabilities: ["CVE-2024-5"],
        fixDate: `2024-0${fixed}-01`,
      });
    const finding = found(packageSample({ ecosystem: "rpm", name: "zlib", version: "1" }), [
      record("RHSA-1", "other", "3"),
      record("ALSA-1", "almalinux", "2"),
    ]);
    expect(finding).toMatchObject({ fixVersion: "2", fixDate: "2024-02-01" });
  });

  it("is above the installed version and clears the flaw, for any ranges that all end in a fix", () => {
    const version = fc.tuple(fc.nat(3), fc.nat(9), fc.nat(9)).map((parts) => parts.join("."));
    const range = fc.record({ introduced: version, fixed: version });
    const row = fc.array(range, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(version, fc.array(row, { minLength: 1, maxLength: 3 }), (installed, rows) => {
        const records = rows.map((ranges, index) =>
          advisory(`A-${index}`, [affected("npm x", ranges)], { vulnerabilities: ["CVE-2024-1"], aliases: [] }),
        );
        const fixVersion = found(packageSample({ name: "x", version: installed }), records)?.fixVersion;
        if (fixVersion === undefined) return;
        expect(compareVersions("semver", fixVersion, installed)).toBeGreaterThan(0);
        const clears = (version: string) => found(packageSample({ name: "x", version }), records) === undefined;
        const above = rows.flat().filter(({ fixed }) => (compareVersions("semver", fixed, installed) ?? 0) > 0);
        if (above.some(({ fixed }) => clears(fixed))) expect(clears(fixVersion)).toBe(true);
      }),
    );
  });
});
