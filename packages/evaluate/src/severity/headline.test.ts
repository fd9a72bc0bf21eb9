import { distroFamilies, type ProviderView } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { headline, ratingOf } from "./headline.ts";

const v3 = (score: number): ProviderView => ({ cvss: { version: "3.1", score, vector: `CVSS:3.1/s${score}` } });
const v2 = (score: number): ProviderView => ({ cvss: { version: "2.0", score, vector: `v2/s${score}` } });
const word = (severity: NonNullable<ProviderView["severity"]>): ProviderView => ({ severity });
const familyOf = (id: string | null) => distroFamilies.find((family) => family.id === id) ?? null;

describe("headline", () => {
  const table: [string, string | null, Record<string, ProviderView>, string, string | null, string | null][] = [
    ["a distro that rates itself goes first", "ubuntu", { nvd: v3(9.8), ubuntu: word("low") }, "low", "ubuntu", "nvd"],
    ["Red Hat rates its rebuilds' packages", "rocky", { nvd: v3(9.8), rhel: word("low") }, "low", "rhel", "nvd"],
    [
      "the rebuild's own word comes first",
      "almalinux",
      { almalinux: word("high"), rhel: word("low") },
      "high",
      "almalinux",
      null,
    ],
    ["Amazon under its report key", "amzn", { nvd: v3(5), amazon: word("high") }, "high", "amazon", "nvd"],
    [
      "Debian's negligible counts",
      "debian",
      { nvd: v3(9.8), debian: word("negligible") },
      "negligible",
      "debian",
      "nvd",
    ],
    ["Debian's other words do not", "debian", { nvd: v3(9.8), debian: word("low") }, "critical", "nvd", "nvd"],
    ["Debian's word is better than none", "debian", { debian: word("low") }, "low", "debian", null],
    [
      "a CNA's score goes before others'",
      null,
      { cna: v3(3), "cisa-adp": v3(7.5), github: v3(5) },
      "low",
      "cna",
      "cna",
    ],
    [
      "a CNA's bare word goes behind scores",
      null,
      { cna: word("low"), "cisa-adp": v3(7.5), github: word("high") },
      "high",
      "cisa-adp",
      "cisa-adp",
    ],
    ["a CNA's bare word is better than a distro's", "alpine", { cna: word("low"), rhel: v3(5) }, "low", "cna", "rhel"],
    [
      "a distro is no authority on language packages",
      null,
      { nvd: v3(9.8), ubuntu: word("low") },
      "critical",
      "nvd",
      "nvd",
    ],
    ["another distro is not this one", "alpine", { nvd: v3(7), ubuntu: word("low") }, "high", "nvd", "nvd"],
    ["NVD v2 gives the score, CNA the severity", "alpine", { nvd: v2(10), cna: v3(5) }, "medium", "cna", "nvd"],
    [
      "CNA before CISA ADP before GitHub",
      null,
      { github: word("low"), "cisa-adp": v3(5), cna: v3(9) },
      "critical",
      "cna",
      "cna",
    ],
    ["CISA ADP before GitHub", null, { github: word("low"), "cisa-adp": v3(5) }, "medium", "cisa-adp", "cisa-adp"],
    ["GitHub before other databases", null, { rustsec: v3(9), github: word("low") }, "low", "github", "rustsec"],
    ["a database before another distro", null, { rhel: word("low"), rustsec: v3(9) }, "critical", "rustsec", "rustsec"],
    ["another distro before NVD's v2", "alpine", { nvd: v2(4), suse: word("high") }, "high", "suse", "nvd"],
    ["NVD's v2 is better than nothing; its scale ends at high", "alpine", { nvd: v2(10) }, "high", "nvd", "nvd"],
    ["unknown is no rating", "ubuntu", { ubuntu: word("unknown"), nvd: v3(8) }, "high", "nvd", "nvd"],
    ["NVD without a score has no say", null, { nvd: { published: "2024-01-01" } }, "unknown", null, null],
    ["nobody rates it", null, {}, "unknown", null, null],
  ];
  it.each(table)("%s", (...[, distro, providers, severity, severityProvider, cvssProvider]) => {
    expect(headline(providers, familyOf(distro))).toMatchObject({ severity, severityProvider, cvssProvider });
  });

  it("reads a view's word before its score", () => {
    expect(ratingOf({ ...v3(9.8), severity: "low" })).toBe("low");
    expect(ratingOf(undefined)).toBeNull();
  });
});
