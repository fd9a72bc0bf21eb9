import type { Distro, FeedRecord, Package } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge, rating } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { explain } from "./explain.ts";

const debian: Distro = { id: "debian", idLike: [], versionId: "12" };
const log4j = packageSample({
  id: "p1",
  ecosystem: "maven",
  name: "org.apache:log4j",
  version: "2.14.1",
  purl: "pkg:maven/org.apache/log4j@2.14.1",
});
const ghsa = advisory(
  "GHSA-jfh8",
  [
    affected(
      "maven org.apache:log4j",
      [
        { introduced: "2.4", fixed: "2.12.2" },
        { introduced: "2.13.0", fixed: "2.15.0" },
      ],
      { scheme: "maven" },
    ),
  ],
  { vulnerabilities: ["CVE-2021-44228"], aliases: ["GHSA-jfh8"], published: "2021-12-10" },
);
const ask = (
  packages: readonly Package[],
  records: readonly FeedRecord[],
  rest: { vulnerability?: string; package?: string } = {},
) =>
  explain(sbomSample({ packages, distro: debian }), memoryKnowledge(records), {
    vulnerability: "CVE-2021-44228",
    ...rest,
  });
const reasons = (...args: Parameters<typeof ask>) =>
  ask(...args).packages.map(({ reason, advisories }) => [reason, ...advisories.map((row) => row.reason)]);

describe("explain", () => {
  it("shows for a finding which advisory holds, by which comparison, under any of its ids", () => {
    const { vulnerability, aliases, packages } = ask([log4j, packageSample()], [ghsa], { vulnerability: "GHSA-jfh8" });
    expect([vulnerability, aliases]).toEqual(["CVE-2021-44228", ["GHSA-jfh8"]]);
    expect(packages).toHaveLength(1);
    expect(packages[0]).toMatchObject({ reason: "affected", feeds: ["ghsa"], finding: { fixVersion: "2.15.0" } });
    expect(packages[0]?.advisories).toMatchObject([
      {
        advisory: "GHSA-jfh8",
        holds: true,
        reason: "in-range",
        scheme: "maven",
        fixVersion: "2.15.0",
        ranges: [
          {
            range: ">= 2.4, < 2.12.2",
            holds: false,
            comparisons: [
              { condition: ">= 2.4", holds: true },
              { condition: "< 2.12.2", holds: false },
            ],
          },
          {
            range: ">= 2.13.0, < 2.15.0",
            holds: true,
            comparisons: [
              { condition: ">= 2.13.0", holds: true },
              { condition: "< 2.15.0", holds: true },
            ],
          },
        ],
      },
    ]);
  });

  it("shows for a fixed version that no range holds", () => {
    const { packages } = ask([{ ...log4j, version: "2.17.0" }], [ghsa], { package: "org.apache:log4j" });
    expect(packages[0]).toMatchObject({
      reason: "not-affected",
      finding: null,
      advisories: [{ holds: false, reason: "outside-ranges" }],
    });
    expect(packages[0]?.advisories[0]?.ranges.map(({ holds }) => holds)).toEqual([false, false]);
  });

  it.each([["org.apache:log4j"], ["pkg:maven/org.apache/log4j@2.14.1"], ["p1"], ["org.apache:log4j@2.14.1"]])(
    "finds the package as %s",
    (word) => {
      expect(ask([log4j], [ghsa], { package: word }).packages).toHaveLength(1);
    },
  );

  it("says that the package is not there, and what has a similar name", () => {
    const answer = ask([log4j], [ghsa], { package: "log4j" });
    expect(answer).toMatchObject({ packageMissing: true, similarNames: ["org.apache:log4j"], packages: [] });
  });

  it("gives the reason of every kind of silence", () => {
    const on = (rest: Partial<Package>) => [{ ...log4j, ...rest }];
    const word = { package: "p1" };
    expect(reasons(on({ ownedBy: "pkg:deb/debian/liblog4j@2" }), [ghsa], word)).toEqual([
      ["owned-by-os-package", "in-range"],
    ]);
    expect(reasons(on({ name: "other" }), [ghsa], word)).toEqual([["no-advisory"]]);
    expect(reasons(on({ ecosystem: "gem" }), [ghsa], word)).toEqual([["no-feed"]]);
    expect(reasons(on({}), [{ ...ghsa, withdrawn: "2022-01-01" }], word)).toEqual([["not-affected", "withdrawn"]]);
    expect(reasons(on({ version: "?\u0000" }), [ghsa], word)).toEqual([["undecided", "version-unreadable"]]);
    const rejected = rating("CVE-2021-44228", "nvd", { rejected: true });
    expect(reasons(on({}), [ghsa, rejected], word)).toEqual([["rejected", "in-range"]]);
    expect(ask(on({}), [ghsa, rejected], word).rejectedBy).toBe("nvd");
  });

  it("explains OS packages by both of their names", () => {
    const vim = packageSample({
      id: "v",
      ecosystem: "deb",
      name: "vim-tiny",
      version: "2:9.0-1",
      source: { name: "vim", version: "2:9.0-1" },
    });
    const rows = (fixed: string) => [affected("debian:12 vim", [{ fixed }], { scheme: "deb" })];
    const known = (fixed: string) => [advisory("CVE-2024-1", rows(fixed), { provider: "debian" })];
    const query = { vulnerability: "CVE-2024-1", package: "vim" };
    expect(reasons([vim], known("2:9.1-1"), query)).toEqual([["affected", "in-range"]]);
    expect(reasons([vim], known("0"), query)).toEqual([["not-affected", "never-affected"]]);
    expect(reasons([{ ...vim, name: "vim", source: { name: "gvim", version: "1" } }], known("2:9.1-1"), query)).toEqual(
      [["not-affected", "other-name-kind"]],
    );
    const elsewhere = explain(sbomSample({ packages: [vim] }), memoryKnowledge(known("2:9.1-1")), query);
    expect(elsewhere.packages[0]?.reason).toBe("unknown-distro");
  });

  it("tells listed versions", () => {
    const listed = advisory("CVE-2021-44228", [affected("npm left-pad", [], { versions: ["0.9.0", "1.0.0"] })]);
    const [row] = ask([packageSample()], [listed]).packages[0]?.advisories ?? [];
    expect(row?.ranges).toEqual([
      { range: "one of 2 listed versions", holds: true, comparisons: [{ condition: "= 1.0.0", holds: true }] },
    ]);
  });
});
