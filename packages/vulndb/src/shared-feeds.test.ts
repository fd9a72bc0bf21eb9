import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Advisory } from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { feeds } from "./feeds.ts";
import { readFeeds } from "./read/read-feeds.ts";

const absent = sharedData("feeds") === null;
const why = absent ? " (skipped: ../shared/data is absent)" : "";

interface Counts {
  readonly documents: number;
  readonly ids: number;
  readonly cves: number;
  readonly packages: number;
  readonly rows: number;
  readonly unreadable: number;
  readonly notes: number;
}

/** Counts of one feed over archives linked into a folder of their own. */
async function count(feed: string, archives: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "shared-feeds-"));
  const advisories: Advisory[] = [];
  const problems = { warning: 0, incomplete: 0, note: 0 };
  try {
    for (const archive of archives) symlinkSync(sharedData("feeds", archive) ?? "", join(folder, basename(archive)));
    for await (const item of readFeeds(folder, { feeds: feeds.filter(({ id }) => id === feed) })) {
      if (!("kind" in item)) problems[item.level] += item.feed === undefined ? 0 : 1;
      else if (item.kind === "advisory") advisories.push({ ...item, title: "" });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rows = advisories.flatMap(({ affected }) => affected);
  const cves = advisories.flatMap(({ vulnerabilities }) => vulnerabilities.filter((id) => id.startsWith("CVE-")));
  return {
    documents: advisories.length,
    ids: new Set(advisories.map(({ id }) => id)).size,
    cves: new Set(cves).size,
    packages: new Set(rows.map(({ ecosystem, name }) => `${ecosystem} ${name}`)).size,
    rows: rows.length,
    unreadable: problems.warning + problems.incomplete,
    notes: problems.note,
  };
}

const mirrors = (["npm-2025-02-18", "maven-2025-02-14", "nuget-2025-02", "composer-2025-02"] as const)
  .concat(["pip-2025-02", "rubygems-2025-02", "cargo-2025-02"] as never)
  .map((name) => `ghsa-${name}.tar.zst`);
const oval = ["bookworm", "bullseye", "buster", "stretch"].map(
  (release) => `debian-oval-2023-07-14/oval-definitions-${release}.xml.bz2`,
);

describe.skipIf(absent)(`real feeds hold what their publishers count${why}`, () => {
  it.each<[string, readonly string[], Partial<Counts>]>([
    // 19,091 distinct advisories; a few stand in two mirrors.
    ["ghsa", mirrors, { ids: 19_091, unreadable: 0 }],
    ["ghsa", ["ghsa-npm-2025-02-18.tar.zst"], { ids: 3792, cves: 2885, packages: 2665 }],
    ["ghsa", ["ghsa-maven-2025-02-14.tar.zst"], { ids: 5305, cves: 5188, packages: 2425 }],
    ["go-vulndb", ["golang-vulndb-osv.tar.zst"], { ids: 4291, cves: 3913, unreadable: 0 }],
    ["pypa", ["pypa-advisory-database.tar.zst"], { ids: 2660, unreadable: 1 }],
    ["rustsec", ["rustsec-advisory-db.tar.zst"], { ids: 932, notes: 293, unreadable: 0 }],
    ["rubysec", ["rubysec-advisory-db.tar.zst"], { documents: 1234 }],
    ["osv-malicious", ["osv-npm-malicious-2025-02-18.tar.zst"], { documents: 19_434, unreadable: 0 }],
    ["drupal-osv", ["drupal-advisories-osv.tar.zst"], { ids: 492, unreadable: 0 }],
    ["almalinux-osv", ["almalinux-osv.tar.zst"], { cves: 6592, unreadable: 0 }],
    ["alpine-secdb", ["alpine-secdb-json-2024-12-31.tar.zst"], { cves: 7654, unreadable: 0 }],
    ["debian-oval", oval.slice(0, 1), { documents: 25_932, unreadable: 0 }],
    ["debian-oval", oval.slice(3), { documents: 4532, unreadable: 0 }],
    ["ubuntu-oval", ["ubuntu-usn-oval.tar.zst"], { unreadable: 0 }],
    ["redhat-oval", ["redhat-rhel9-oval-v1-2023-04-27.tar.zst"], { ids: 222, cves: 560, unreadable: 0 }],
    // 1,491 errata, 15 of them of special interest groups.
    ["rocky-errata", ["rocky-errata-2025-01-24.tar.zst"], { ids: 1476, unreadable: 0 }],
    // 5,910 definitions: 211 say "not applicable"; one names a package without distribution tag.
    ["azurelinux-oval", ["azurelinux-mariner-oval.tar.zst"], { documents: 5698, unreadable: 1 }],
    ["amazon-alas", ["amazon-alas-2025-02-14.tar.zst"], { ids: 5340, unreadable: 0 }],
    // Of 1,593 those that bear a CVE or a GHSA.
    ["friendsofphp", ["friendsofphp-security-advisories.tar.zst"], { documents: 1182, cves: 772, unreadable: 0 }],
    ["wolfi-advisories", ["wolfi-advisories-apache-2025-05.tar.zst"], { unreadable: 0 }],
    ["suse-csaf", ["suse-csaf-sample-2025-01-20.tar.zst"], { unreadable: 0 }],
  ])("%s of %j", { timeout: 120_000 }, async (feed, archives, expected) => {
    expect(await count(feed, archives)).toMatchObject(expected);
  });
});
