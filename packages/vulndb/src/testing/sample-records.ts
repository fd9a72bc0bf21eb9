import type { Advisory, FeedRecord } from "@plimsoll/model";

/** An advisory on a language package, with prose and references. */
export const lodash: Advisory = {
  kind: "advisory",
  id: "GHSA-35jh-r3h4-6jhm",
  feed: "ghsa",
  provider: "github",
  vulnerabilities: ["CVE-2021-23337"],
  aliases: ["GHSA-35jh-r3h4-6jhm"],
  published: "2021-05-06T16:05:51Z",
  modified: "2024-04-19T23:06:59Z",
  severity: "high",
  cvss: [{ version: "3.1", score: 7.2, vector: "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H" }],
  title: "Command injection in lodash",
  affected: [
    {
      ecosystem: "npm",
      name: "lodash",
      nameKind: "source",
      scheme: "semver",
      ranges: [{ introduced: "0", fixed: "4.17.21" }, { introduced: "5.0.0", lastAffected: "5.1.0" }, {}],
      versions: ["9.9.9"],
      fixState: "fixed",
    },
  ],
};
/** A withdrawn erratum of a distro, with an architecture and a module. */
export const erratum: Advisory = {
  kind: "advisory",
  id: "ALSA-2022:0290",
  feed: "almalinux-osv",
  provider: "almalinux",
  vulnerabilities: ["CVE-2021-1", "CVE-2021-2"],
  aliases: [],
  fixDate: "2022-01-26",
  withdrawn: "2023-01-01",
  affected: [
    {
      ecosystem: "almalinux:8",
      name: "parfait",
      nameKind: "binary",
      scheme: "rpm",
      ranges: [{ fixed: "0.5.4-4" }],
      fixState: "fixed",
      severity: "high",
      arch: "x86_64",
      module: "parfait:0.5",
    },
  ],
};
/** What is known of the flaws beyond advisories: a rating, EPSS twice, KEV, exploits. */
export const enrichment: FeedRecord[] = [
  {
    kind: "rating",
    feed: "nvd",
    provider: "nvd",
    vulnerability: "CVE-2021-23337",
    severity: "high",
    cvss: [{ version: "2.0", score: 6.5, vector: "AV:N/AC:L/Au:S/C:P/I:P/A:P", exploitabilityScore: 8 }],
    published: "2021-02-15",
    title: "prose",
    rejected: true,
  },
  { kind: "epss", feed: "epss", vulnerability: "CVE-2021-23337", score: 0.00943, percentile: 0.82, date: "2025-02-28" },
  { kind: "epss", feed: "epss", vulnerability: "CVE-1999-1", score: 0.97, percentile: 1, date: "2025-02-28" },
  { kind: "kev", feed: "kev", vulnerability: "CVE-2021-1", added: "2022-01-01", due: "2022-01-15", ransomware: true },
  {
    kind: "exploit",
    feed: "poc",
    vulnerability: "CVE-2021-23337",
    count: 3,
    published: "2021-06-01",
    links: ["https://example.com/x"],
  },
];
/** All of the above. */
export const records: FeedRecord[] = [lodash, erratum, ...enrichment];
