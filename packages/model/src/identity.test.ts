import { describe, expect, it } from "vitest";
import { chainIdsOf, type DiffId, digestOf, parseDiffId, parseDigest } from "./digest.ts";
import { distroEcosystem, distroLabel } from "./distro.ts";
import { advisoryName, ecosystemOfOsv, ecosystems } from "./ecosystem.ts";
import { isIncomplete, sortProblems } from "./problem.ts";
import { parseSeverity, severities, severityOfScore, severityRank } from "./severity.ts";
import { uuidOf } from "./uuid.ts";

const layer = (letter: string) => parseDiffId(`sha256:${letter.repeat(64)}`) as DiffId;

describe("digests and chains", () => {
  it("takes sha256 in lower-case hex only", () => {
    expect(parseDigest(`sha256:${"a".repeat(64)}`)).not.toBeNull();
    for (const bad of [`sha256:${"A".repeat(64)}`, `sha512:${"a".repeat(64)}`, "sha256:ab", 7, null])
      expect(parseDigest(bad)).toBeNull();
  });

  it("chains as the OCI rule says: the first is the diffID, each next hashes the chain below and its own diffID", () => {
    const chain = chainIdsOf([layer("a"), layer("b"), layer("c")]);
    expect(chain[0]).toBe(layer("a"));
    expect(chain[1]).toBe(digestOf(`${layer("a")} ${layer("b")}`));
    expect(chain[2]).toBe(digestOf(`${chain[1]} ${layer("c")}`));
  });
});

describe("distributions", () => {
  it.each([
    ["debian", "12.5", undefined, "debian:12"],
    ["debian", "", "trixie", "debian:13"],
    ["debian", "", undefined, "debian:sid"],
    ["alpine", "3.18.9", undefined, "alpine:3.18"],
    ["alpine", "3.21.0_alpha20240923", undefined, "alpine:edge"],
    ["ubuntu", "22.04", "jammy", "ubuntu:22.04"],
    ["almalinux", "9.3", undefined, "almalinux:9"],
    ["wolfi", "20230201", undefined, "wolfi:rolling"],
    ["amzn", "2018.03", undefined, "amzn:1"],
    ["amzn", "2", undefined, "amzn:2"],
    ["amzn", "2023", undefined, "amzn:2023"],
    ["mariner", "2.0", undefined, "mariner:2"],
    ["sles", "15.5", undefined, "sles:15.5"],
    ["opensuse-leap", "15.5", undefined, "opensuse-leap:15.5"],
    ["opensuse-tumbleweed", "20240101", undefined, "opensuse-tumbleweed:rolling"],
    ["linuxmint", "21", undefined, null],
  ])("%s %s (%s) asks for advisories of %s", (...[id, versionId, codename, expected]) => {
    const distro = { id, idLike: ["debian"], versionId, ...(codename !== undefined && { codename }) };
    expect(distroEcosystem(distro)).toBe(expected);
  });

  it.each([
    ["CentOS Linux 7 (Core)", "7", "rhel:7"],
    ["CentOS release 6.10 (Final)", "6.10", "rhel:6"],
    ["CentOS Linux 8", "8", "rhel:8"],
    ["CentOS Stream 9", "9", "centos:9-stream"],
    ["CentOS Stream release 8", "8", "centos:8-stream"],
  ])("%s is served by the right advisories", (prettyName, versionId, expected) => {
    expect(distroEcosystem({ id: "centos", idLike: ["rhel"], versionId, prettyName })).toBe(expected);
  });

  it("are labelled as reports write them", () => {
    expect(distroLabel({ id: "debian", idLike: [], versionId: "13.1" })).toBe("debian 13.1");
    expect(distroLabel(null)).toBe("unknown");
  });
});

describe("severities", () => {
  it("rank from unknown to critical", () => expect(severities.map(severityRank)).toEqual([5, 4, 3, 2, 1, 0]));
  it.each([
    [0, "negligible"],
    [0.1, "low"],
    [3.9, "low"],
    [4, "medium"],
    [6.9, "medium"],
    [7, "high"],
    [8.9, "high"],
    [9, "critical"],
  ])("score %d is %s", (score, severity) => expect(severityOfScore(score)).toBe(severity));
  it.each([
    ["Important", "high"],
    ["MODERATE", "medium"],
    ["unimportant", "negligible"],
    ["untriaged", "unknown"],
    ["bogus", null],
  ])("%s reads as %s", (word, severity) => expect(parseSeverity(word)).toBe(severity));
});

describe("tables", () => {
  it("name every ecosystem once", () => expect(new Set(ecosystems.map((row) => row.id)).size).toBe(ecosystems.length));
  it.each([
    ["pypi", "Zope.Interface_x", "zope-interface-x"],
    ["npm", "@A/b", "@A/b"],
    ["nuget", "Newtonsoft.Json", "newtonsoft.json"],
  ] as const)("%s %s meets advisories as %s", (ecosystem, name, expected) =>
    expect(advisoryName(ecosystem, name)).toBe(expected),
  );
  it("know OSV's names", () =>
    expect(["PyPI", "crates.io", "Maven:https://x", "Debian:12"].map(ecosystemOfOsv)).toEqual([
      "pypi",
      "cargo",
      "maven",
      null,
    ]));
});

describe("problems", () => {
  it("sort worst first and say an exact repeat once", () => {
    const note = { level: "note", code: "a", message: "m" } as const;
    const bad = { level: "incomplete", code: "z", message: "m" } as const;
    expect(sortProblems([note, bad, { ...note }])).toEqual([bad, note]);
    expect([isIncomplete([note]), isIncomplete([note, bad])]).toEqual([false, true]);
  });
});

describe("uuids", () => {
  it("are the same for the same words and keep word borders", () => {
    expect(uuidOf("a", "bc")).toBe(uuidOf("a", "bc"));
    expect(uuidOf("a", "bc")).not.toBe(uuidOf("ab", "c"));
    expect(uuidOf("x")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
