import type { Affected, Distro, FeedRecord, Finding, Package } from "@plimsoll/model";
import { expectCompleteRegistry } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { advisory, affected, exploit, memoryKnowledge, rating } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { KnowledgeCache } from "./knowledge-cache.ts";
import { matchPackages } from "./match.ts";
import { matchers } from "./matchers.ts";

const debian: Distro = { id: "debian", idLike: [], versionId: "12.5" };
const alma: Distro = { id: "almalinux", idLike: ["rhel"], versionId: "9.3" };

function match(packages: readonly Package[], records: readonly FeedRecord[], distro: Distro | null = null) {
  return matchPackages(sbomSample({ packages, distro }), new KnowledgeCache(memoryKnowledge(records)));
}
const found = (
  packages: readonly Package[],
  records: readonly FeedRecord[],
  distro: Distro | null = null,
): Finding[] => [...match(packages, records, distro).findings];
const names = (findings: readonly Finding[]) => findings.map(({ vulnerability }) => vulnerability).sort();

const npm = (name: string, version: string, rest: Partial<Package> = {}) =>
  packageSample({ id: `${name}@${version}`, name, version, ...rest });
const deb = (name: string, version: string, rest: Partial<Package> = {}) =>
  packageSample({ id: `${name}@${version}`, ecosystem: "deb", name, version, ...rest });
const rpm = (name: string, version: string, rest: Partial<Package> = {}) =>
  deb(name, version, { ecosystem: "rpm", ...rest });
const onDeb = (name: string, fixed: string, rest: Partial<Affected> = {}) =>
  affected(`debian:12 ${name}`, [{ fixed }], { scheme: "deb", ...rest });
const onRpm = (name: string, fixed: string, rest: Partial<Affected> = {}) =>
  affected(`almalinux:9 ${name}`, [{ fixed }], { scheme: "rpm", nameKind: "binary", ...rest });

expectCompleteRegistry(matchers, { folder: import.meta.dirname, file: "matcher.ts", testdata: false });

describe("language packages", () => {
  const ghsa = advisory("GHSA-1", [affected("npm left-pad", [{ introduced: "1.0.0", fixed: "1.2.0" }])], {
    vulnerabilities: ["CVE-2024-1"],
    aliases: ["GHSA-1"],
  });

  it.each([
    ["1.0.0", true],
    ["1.1.9", true],
    ["0.9.9", false],
    ["1.2.0", false],
  ])("left-pad %s", (version, expected) => {
    expect(names(found([npm("left-pad", version)], [ghsa]))).toEqual(expected ? ["CVE-2024-1"] : []);
  });

  it("merges GHSA, CVE and PYSEC into one finding per package, each advisory in its details", () => {
    const range = [{ introduced: "2.0", fixed: "2.11.3" }];
    const records = [
      advisory("GHSA-2", [affected("pypi jinja2", range, { scheme: "pep440" })], {
        vulnerabilities: ["CVE-2020-1"],
        aliases: ["GHSA-2"],
        severity: "medium",
        published: "2021-03-19T21:28:05Z",
      }),
      advisory("PYSEC-2021-66", [affected("pypi jinja2", [{ fixed: "2.11.3" }], { scheme: "pep440" })], {
        feed: "pypa",
        provider: "pypiadvisory",
        vulnerabilities: ["CVE-2020-1"],
        aliases: ["PYSEC-2021-66", "GHSA-2"],
      }),
    ];
    const jinja = npm("Jinja2", "2.11.2", { ecosystem: "pypi" });
    const findings = found([jinja, { ...jinja, id: "second" }], records);
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({
      vulnerability: "CVE-2020-1",
      aliases: ["GHSA-2", "PYSEC-2021-66"],
      severity: "medium",
      severityProvider: "github",
      fixState: "fixed",
      fixVersion: "2.11.3",
      fixDate: "2021-03-19",
      disclosed: { date: "2021-03-19", estimated: false },
      details: [
        { advisory: "GHSA-2", range: ">= 2.0, < 2.11.3", via: "direct", name: "jinja2", version: "2.11.2" },
        { advisory: "PYSEC-2021-66", range: "< 2.11.3" },
      ],
    });
    expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
  });

  it("makes one finding for each flaw of an advisory with several", () => {
    const both = { ...ghsa, vulnerabilities: ["CVE-2024-1", "CVE-2024-2"], aliases: [] };
    expect(names(found([npm("left-pad", "1.0.0")], [both]))).toEqual(["CVE-2024-1", "CVE-2024-2"]);
  });

  it("never matches what was withdrawn or rejected", () => {
    expect(found([npm("left-pad", "1.0.0")], [{ ...ghsa, withdrawn: "2024-02-01" }])).toEqual([]);
    const rejected = rating("CVE-2024-1", "nvd", { rejected: true, modified: "2024-03-01" });
    expect(found([npm("left-pad", "1.0.0")], [ghsa, rejected])).toEqual([]);
    const reinstated = rating("CVE-2024-1", "nvd", { modified: "2024-04-01" });
    expect(found([npm("left-pad", "1.0.0")], [ghsa, rejected, reinstated])).toHaveLength(1);
  });

  it("does not take another ecosystem's package of the same name", () => {
    expect(found([npm("left-pad", "1.0.0", { ecosystem: "gem" })], [ghsa])).toEqual([]);
  });

  it("leaves the files of an OS package to the distro", () => {
    const record = advisory("GHSA-3", [affected("pypi requests", [{ fixed: "2.31.0" }], { scheme: "pep440" })]);
    const owned = npm("requests", "2.28.1", { ecosystem: "pypi", ownedBy: "pkg:deb/debian/python3-requests@2.28.1" });
    expect(found([owned], [record], debian)).toEqual([]);
    expect(found([{ ...owned, ownedBy: undefined } as unknown as Package], [record], debian)).toHaveLength(1);
  });

  it("matches packages that a layer removed: layered views count them apart", () => {
    const removed = npm("left-pad", "1.0.0", { removedIn: "sha256:1" as NonNullable<Package["removedIn"]> });
    expect(found([removed], [ghsa])).toHaveLength(1);
  });

  it("matches the Go toolchain as stdlib and toolchain, a module called Go as itself", () => {
    const record = advisory("GO-2024-1", [affected("golang stdlib", [{ fixed: "1.21.8" }], { scheme: "go" })], {
      provider: "go",
    });
    const go = (version: string, rest: Partial<Package> = {}) => npm("Go", version, { ecosystem: "golang", ...rest });
    expect(names(found([go("1.21.3", { role: "toolchain" })], [record]))).toEqual(["GO-2024-1"]);
    expect(names(found([go("go1.21.3", { role: "toolchain" })], [record]))).toEqual(["GO-2024-1"]);
    expect(found([go("1.21.8", { role: "toolchain" }), go("v1.0.0")], [record])).toEqual([]);
  });

  it("says which package could not be judged, and only when an advisory speaks of it", () => {
    const strange = npm("left-pad", "(devel)");
    const { findings, unreadable } = match([strange, npm("right-pad", "(devel)")], [ghsa]);
    expect(findings).toEqual([]);
    expect(unreadable).toEqual([{ pkg: strange, versions: ["(devel)"], advisories: ["GHSA-1"] }]);
  });
});

describe("OS packages", () => {
  const flaw = (rows: readonly Affected[], rest = {}) =>
    advisory("CVE-2024-9", rows, {
      feed: "debian-tracker",
      provider: "debian",
      vulnerabilities: ["CVE-2024-9"],
      ...rest,
    });

  it("are matched by source name with the source's version", () => {
    const ssl = deb("libssl3", "3.0.11-1+b1", { source: { name: "openssl", version: "3.0.11-1" } });
    const [finding] = found([ssl], [flaw([onDeb("openssl", "3.0.11-1~deb12u2")])], debian);
    expect(finding).toBeUndefined();
    const [later] = found([ssl], [flaw([onDeb("openssl", "3.0.13-1")])], debian);
    expect(later?.details).toMatchObject([
      { via: "source", name: "openssl", version: "3.0.11-1", range: "< 3.0.13-1" },
    ]);
    expect(found([deb("openssl", "3.0.11-1")], [flaw([onDeb("openssl", "3.0.13-1")])], debian)).toHaveLength(1);
  });

  it("do not take a source package's advisory for a binary of the same name from another source", () => {
    const other = deb("openssl", "1.0", { source: { name: "openssl-compat", version: "1.0" } });
    expect(found([other], [flaw([onDeb("openssl", "3.0.13-1")])], debian)).toEqual([]);
  });

  it("are matched by binary name where the advisory names binaries", () => {
    const devel = rpm("openssl-devel", "1:3.0.7-1.el9", { source: { name: "openssl", version: "3.0.7-1.el9" } });
    const rows = [onRpm("openssl", "1:3.0.7-24.el9")];
    expect(found([devel], [flaw(rows)], alma)).toEqual([]);
    expect(found([devel], [flaw([onRpm("openssl-devel", "1:3.0.7-24.el9")])], alma)).toHaveLength(1);
  });

  it("respect epochs", () => {
    const row = onDeb("vim", "2:8.2-1");
    expect(found([deb("vim", "9.0-1")], [flaw([row])], debian)).toHaveLength(1);
    expect(found([deb("vim", "2:9.0-1")], [flaw([row])], debian)).toEqual([]);
  });

  it("respect architecture and module streams", () => {
    const on = (rest: Partial<Affected>) => [flaw([onRpm("nodejs", "1:18.20-1.module_el9+2", rest)])];
    const node = rpm("nodejs", "1:18.1-1.module_el9+1", { arch: "x86_64", qualifiers: { rpmmod: "nodejs:18:9:1" } });
    expect(found([node], on({ arch: "x86_64", module: "nodejs:18" }), alma)).toHaveLength(1);
    expect(found([node], on({ arch: "aarch64" }), alma)).toEqual([]);
    expect(found([node], on({ arch: "noarch" }), alma)).toHaveLength(1);
    expect(found([node], on({ module: "nodejs:20" }), alma)).toEqual([]);
    expect(found([rpm("nodejs", "1:16.1-1.el9")], on({ module: "nodejs:18" }), alma)).toEqual([]);
    expect(found([rpm("nodejs", "1:16.1-1.el9")], on({}), alma)).toEqual([]);
    expect(found([rpm("nodejs", "1:16.1-1.module_el9+1")], on({}), alma)).toHaveLength(1);
  });

  it("ask only their own release", () => {
    const record = flaw([onDeb("vim", "2:9.9-1", { ecosystem: "debian:11" })]);
    expect(found([deb("vim", "2:9.0-1")], [record], debian)).toEqual([]);
    expect(found([deb("vim", "2:9.0-1")], [record])).toEqual([]);
  });

  it("believe a distro that says not affected", () => {
    const rows = [onDeb("vim", "0"), onDeb("nano", "0:0")];
    expect(match([deb("vim", "unreadable!"), deb("nano", "5")], [flaw(rows)], debian)).toMatchObject({
      findings: [],
      unreadable: [],
    });
  });

  it("take severity from the distro, its fix and its date", () => {
    const row = onDeb("vim", "2:9.1-1", { severity: "negligible" });
    const records = [
      flaw([row], { fixDate: "2024-04-05" }),
      rating("CVE-2024-9", "nvd", { cvss: [{ version: "3.1", score: 9.8, vector: "v" }] }),
    ];
    expect(found([deb("vim", "2:9.0-1")], records, debian)[0]).toMatchObject({
      severity: "negligible",
      severityProvider: "debian",
      cvss: { score: 9.8 },
      cvssProvider: "nvd",
      fixVersion: "2:9.1-1",
      fixDate: "2024-04-05",
    });
  });
});

describe("what is known of a flaw", () => {
  const record = advisory("CVE-2024-1", [affected("npm x", [{ fixed: "2.0.0" }])]);
  const kev = {
    kind: "kev",
    feed: "kev",
    vulnerability: "CVE-2024-1",
    added: "2024-02-02",
    due: "2024-02-23",
    ransomware: true,
  } as const;

  it("comes along: exploits, KEV, EPSS, title", () => {
    const epss = {
      kind: "epss",
      feed: "epss",
      vulnerability: "CVE-2024-1",
      score: 0.5,
      percentile: 0.9,
      date: "2024-06-01",
    } as const;
    const [finding] = found(
      [npm("x", "1.0.0")],
      [
        record,
        kev,
        epss,
        exploit("CVE-2024-1", {
          count: 2,
          links: ["https://b.test", "https://a.test"],
          published: "2024-03-04T05:06:07Z",
        }),
        exploit("CVE-2024-1", { feed: "metasploit", links: ["https://a.test"] }),
        rating("CVE-2024-1", "nvd", { title: "A flaw" }),
      ],
    );
    expect(finding).toMatchObject({
      exploit: { count: 3, links: ["https://a.test", "https://b.test"], published: "2024-02-02" },
      kev: { added: "2024-02-02", due: "2024-02-23", ransomware: true },
      epss: { score: 0.5, percentile: 0.9, date: "2024-06-01" },
      title: "A flaw",
    });
  });

  it("makes a flaw in KEV exploitable", () => {
    expect(found([npm("x", "1.0.0")], [record, kev])[0]?.exploit).toEqual({
      count: 0,
      links: [],
      published: "2024-02-02",
    });
    expect(found([npm("x", "1.0.0")], [record])[0]?.exploit).toBeNull();
  });

  it("stops at a limit and says so: a hostile image holds one file a million times", () => {
    const packages = Array.from({ length: 9 }, (_, index) => npm("x", "1.0.0", { id: `p${index}` }));
    const count = (limit: number) => {
      const result = matchPackages(sbomSample({ packages }), new KnowledgeCache(memoryKnowledge([record])), { limit });
      return [result.findings.length, result.truncated];
    };
    expect(count(9)).toEqual([9, false]);
    expect(count(8)).toEqual([8, true]);
  });

  it("is asked once for each name and flaw, however many packages", () => {
    const asked: string[] = [];
    const knowledge = new KnowledgeCache(memoryKnowledge([record], { asked }));
    const packages = Array.from({ length: 50 }, (_, index) => npm("x", `1.0.${index % 5}`, { id: `p${index}` }));
    expect(matchPackages(sbomSample({ packages }), knowledge).findings).toHaveLength(50);
    expect(asked).toEqual(["affected npm x", "facts CVE-2024-1"]);
  });
});
