import type { VersionScheme } from "@plimsoll/model";

/** Ascending steps; the texts within one step are equal. */
export type OrderTable = readonly (readonly (readonly string[])[])[];

const chain = (...steps: (string | readonly string[])[]): (readonly string[])[] =>
  steps.map((step) => (typeof step === "string" ? [step] : step));

/** Written by us from each format's documentation; the rows name the rule they show. */
export const orderTables: Readonly<Record<VersionScheme, OrderTable>> = {
  deb: [
    // deb-version(7): "~" before the end, letters before other characters, digits by value
    chain("1.0~~", "1.0~~a", "1.0~", ["1.0", "1.0-0", "0:1.0"], "1.0-1", "1.0a", "1.0+b", "1.0.1"),
    chain("9", "10", "1:1", "2:0"),
    chain(["1.0", "1.00", "01.0"], ["1.2", "1.02"], "1.10"),
    chain("2.7.4+reloaded2-13", "2.7.4+reloaded2-13+b1", "2.7.4+reloaded3-1"),
    chain("1.2-3-1", "1.2-3-1ubuntu1", "1.2-4-0"),
    chain("5.10~rc1-1~bpo11+1", "5.10~rc1-1", "5.10-1~deb11u1", "5.10-1"),
    chain("1.18.36", "1.18.36+5"),
  ],
  rpm: [
    // rpm-version(7): "~" before the end, "^" behind it, numbers later than letters, separators not compared
    chain("1.0~rc1", "1.0~rc1^20200101", "1.0", "1.0^", "1.0^git1~pre", "1.0^git1", "1.0.1", "1.1"),
    chain(["1.0", "1_0", "1..0", "0:1.0", "1.00"], "1.0a", "1.0.1", "2.0"),
    chain("1.a", "1.b", "1.0"),
    chain("9-9", "10-1", "1:1-1"),
    // a missing release sorts first in the total order
    chain("1.0", "1.0-0", "1.0-1.el9", "1.0-1.el9_2", "1.0-2"),
    chain("2.50", "2.050000001"),
    chain(["5.5p1", "5.5.p1"], ["5.5p10", "5.5p010"], "5.6p1"),
  ],
  apk: [
    // apk-package(5): suffix order, letters, revision; leading zeros after a dot compare as text
    chain("1.2_alpha", "1.2_alpha1", "1.2_beta", "1.2_pre", "1.2_rc1", "1.2", "1.2-r1", "1.2_cvs", "1.2_svn", "1.2_git", "1.2_hg", "1.2_p", "1.2_p1", "1.2a", "1.2b", "1.2.0"),
    chain("1.2_alpha_beta", "1.2_alpha", "1.2_alpha-r1", "1.2_alpha1", "1.2_alpha_p1"),
    chain("1.0", "1.00", "1.01", "1.05", "1.09", "1.1", "1.9", "1.10"),
    chain("1.2.3-r0", "1.2.3-r1", "1.2.3-r10", "1.2.3~abc", "1.2.3~abc-r1", "1.2.3~abd", "1.2.3_git20240101-r0"),
    chain("3.18.0_alpha20230329", "3.18.0", "3.18.1"),
    chain("6.6.2", "6.6.2p", "6.6.2p1-r0", "6.6.2p1-r1", "6.6.2p10", "6.6.4p1-r0"),
  ],
  semver: [
    // SemVer 2.0.0 section 11
    chain("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"),
    chain(["1.0.0", "1.0", "1", "v1.0.0", "=1.0.0", "1.0.0+build.5", "1.0.0+other"], "1.0.1", "1.1", "2"),
    chain("1.0.0-0", "1.0.0-1", "1.0.0--", "1.0.0-A", "1.0.0-a", "1.0.0-a-b"),
    chain(["1.2.3beta", "1.2.3-beta"], "1.2.3"),
    chain("0.0.9007199254740991", "0.0.9007199254740992", "0.0.9007199254740993"),
  ],
  go: [
    chain("v0.0.0-20180101000000-abcdefabcdef", "v0.0.0-20190101000000-000000000000", "v0.0.0", "v0.0.1-0.20200101000000-abcdefabcdef", "v0.0.1"),
    chain(["v2.0.0+incompatible", "2.0.0", "v2.0.0"], "v2.0.1-rc.1", "v2.0.1"),
    // Go's vulnerability database: introduced "1.21.0-0" is before every candidate
    chain("1.21.0-0", ["go1.21beta1", "1.21.0-beta.1"], ["go1.21rc2", "1.21rc2", "1.21.0-rc.2"], "1.21rc10", ["go1.21", "1.21.0", "go1.21.0"], "go1.21.3"),
    chain("1.9.7", "1.20", "go1.20.4", "1.21.0-0"),
  ],
  pep440: [
    // PEP 440, "Summary of permitted suffixes and relative ordering"
    chain("1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2", "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", ["1.0", "1", "1.0.0", "v1.0", "0!1"], "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0.post456.dev34", "1.0.post456", "1.0.15", "1.1.dev1"),
    chain(["1.0rc1", "1.0c1", "1.0-pre1", "1.0.preview_1", "1.0.RC.1"], "1.0"),
    chain(["1.0.post1", "1.0-1", "1.0-r1", "1.0rev1"], "1.0.post2", "1.0.1"),
    chain("2024.1", "1!0.1"),
    // a local label that looks like a number of another notation stays a word
    chain("1.0+0x10", "1.0+1e5", "1.0+7"),
  ],
  gem: [
    chain("1.0.a", "1.0.b1", "1.0.rc1", ["1.0", "1", "1.0.0"], "1.0.1", "1.1.a", "1.1"),
    chain(["1.0-beta", "1.0.pre.beta"], "1.0.rc", "1.0"),
    chain(["1.0.a.0", "1.0.0.a", "1.a"], "1.a.1"),
    chain("5.2.0.rc2", "5.2.0.rc3", "5.2.0", "5.2.4.1"),
    chain("1.0.A", "1.0.a"),
  ],
  maven: [
    // Version Order Specification: alpha < beta < milestone < rc = cr < snapshot < "" = final = ga = release < sp < other words < numbers
    chain(["1-alpha", "1alpha"], ["1-alpha-1", "1-a1", "1alpha1"], "1-beta", ["1-milestone-1", "1-m1"], ["1-rc", "1-cr"], "1-SNAPSHOT", ["1", "1.0", "1-ga", "1.final", "1.0.0-release", "1-0"], "1-sp", "1-abc", "1-xyz", "1-1", "1.1"),
    chain("2.0.1-SNAPSHOT", "2.0.1", "2.0.1-123", "2.0.2"),
    chain("1.0.0.Beta1", "1.0.0.Beta2", "1.0.0.CR1", ["1.0.0.Final", "1.0.0"], "1.0.0.SP1", "1.0.1.Final"),
    chain("20.0", ["31.1", "31.1.0"], "31.1-android", "31.1-jre"),
    chain("9.4.9.v20180320", "9.4.10.v20180503", "9.4.10.v20190101"),
  ],
  nuget: [
    chain("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.2", "1.0.0-alpha.10", ["1.0.0-BETA", "1.0.0-beta"], ["1.0.0", "1.0", "1", "1.0.0.0", "1.0.0+sha", "01.0"], "1.0.0.1", "1.0.1", "10.0"),
    chain("1.0.0-1", "1.0.0-a", "1.0.0-rc.1"),
  ],
  composer: [
    chain("1.0.0-dev", "1.0.0-alpha", ["1.0.0-alpha1", "1.0.0a1"], "1.0.0-beta", ["1.0.0-beta2", "1.0b2", "v1.0.0.0-beta.2"], ["1.0.0-RC1", "1.0-rc1"], ["1.0.0", "1", "v1.0", "1.0.0-stable", "1.0.0+build", "1.0.0@stable"], ["1.0.0-patch1", "1.0.0-pl1", "1.0-p1"], "1.0.1"),
    chain("1.9.9", "1.x-dev", "2.0.0"),
    chain("1.0-beta2-dev", "1.0-beta2"),
    chain("2.0", "20100102", "20110101"),
  ],
  generic: [
    chain("1.0-dev", "1.0-alpha2", "1.0-beta1", "1.0-rc1", ["1.0", "1", "v1.0.0", "1_0"], "1.0a", "1.0b", "1.0.1", "1.2", "1.10"),
    chain("1.0.2g", "1.0.2za", "1.1.0"),
    chain("2023-12-01", "2024-01-15"),
  ],
};

/** Texts no version of the scheme. */
export const unreadable: Readonly<Record<VersionScheme, readonly string[]>> = {
  deb: ["", "1.0-", "-1", "a:1.0", ":1.0", "1:", "99999999999:1", "1.0 2", "1.0\u00e9"],
  rpm: ["", "-1", "1.0-", "1:", "1.0 2", "1.0\u00e9"],
  apk: ["", "1.", "a1", "1.2_foo", "1.2-1", "1.2-r", "1.2ab", "1.2-r1_p1", "v1.2", "1.2~xyz", "1._p"],
  semver: ["", "latest", "*", "1.x", "1.2.3.4", "1.0.0-", "1.0.0-a..b", "-1", "1..2", "^1.0.0"],
  go: ["", "devel", "(devel)", "v1.x", "go", "1.2.3.4"],
  pep440: ["", "1.0-x", "french toast", "1.0+", "1..0", "1.0+a_", "0.1dev-r1716"],
  gem: ["", "a", "1..0", "1.0_1", ".1", "1.", "1.0+b"],
  maven: ["", "${project.version}", "[1.0,2.0)", "1.0/2", "-", "1 0"],
  nuget: ["", "1.2.3.4.5", "1.0-", "1.*", "a", "1.0-a..b", "1.0.0_1"],
  composer: ["", "dev-main", "dev-master", "master", "1.2.3.4.5.6.7.8.9.10.11.12", "^1.0", "1.0-foo"],
  generic: ["", "latest", "-", "\u0661"],
};
