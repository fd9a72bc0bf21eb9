import { problemLevels } from "@plimsoll/model";
import { expect } from "vitest";
import type { Cataloger, Facts } from "../cataloger.ts";

/** A path each cataloger selects, so that its parser is met with anything. */
const paths: Readonly<Record<string, readonly string[]>> = {
  "apk-db-cataloger": ["lib/apk/db/installed"],
  "distro-release-cataloger": [
    "etc/os-release",
    "etc/lsb-release",
    "etc/alpine-release",
    "etc/redhat-release",
    "etc/SuSE-release",
    "etc/debian_version",
  ],
  "dpkg-db-cataloger": [
    "var/lib/dpkg/status",
    "var/lib/dpkg/info/a.list",
    "var/lib/dpkg/info/a.md5sums",
    "usr/share/doc/a/copyright",
  ],
  "go-binary-cataloger": ["usr/bin/a"],
  "java-archive-cataloger": ["a.jar", "a-1.0.war"],
  "npm-package-cataloger": ["node_modules/a/package.json", "node_modules/a/b/package.json"],
  "python-package-cataloger": ["a-1.dist-info/METADATA", "a.egg-info"],
  "rpm-db-cataloger": [
    "var/lib/rpm/Packages",
    "var/lib/rpm/rpmdb.sqlite-wal",
    "var/lib/rpm/rpmdb.sqlite-journal",
    "var/lib/rpmmanifest/container-manifest-2",
  ],
  "ruby-gem-cataloger": ["specifications/a-1.gemspec"],
  "unsupported-database-cataloger": ["var/lib/opkg/status"],
};

/** A cataloger and a path it is tried with. */
export interface ConformanceCase {
  readonly name: string;
  readonly path: string;
  readonly cataloger: Cataloger;
}

/** One case for every cataloger and path. */
export function casesOf(catalogers: readonly Cataloger[]): ConformanceCase[] {
  return catalogers.flatMap((cataloger) =>
    (paths[cataloger.name] ?? []).map((path) => ({ name: cataloger.name, path, cataloger })),
  );
}

/** What every cataloger promises of any bytes: an answer that can be stored, printed and sorted. */
export function expectSoundFacts(facts: Facts): void {
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  for (const fact of facts.packages ?? []) {
    expect(fact.name).not.toBe("");
    expect(fact.name.length).toBeLessThanOrEqual(2100);
    expect(/[\p{Cc}]/u.test(fact.name + fact.version)).toBe(false);
  }
  for (const problem of facts.problems ?? []) {
    expect(problemLevels).toContain(problem.level);
    expect(problem.message.includes("\n")).toBe(false);
  }
}
