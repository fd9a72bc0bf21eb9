import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { repositoryRoot } from "@plimsoll/testkit";
import { buildVulndb } from "@plimsoll/vulndb";
import { afterAll, describe, expect, it } from "vitest";
import { openHarbour } from "../testing/harbour.ts";

const scratch = mkdtempSync(join(tmpdir(), "plimsoll-built-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the program as it is built", () => {
  it("reads feeds in every format: what is loaded late has its names there too", { timeout: 120_000 }, () => {
    for (const feed of ["rubysec", "pypa", "rustsec", "wolfi-advisories", "azurelinux-oval", "ghsa"]) {
      const testdata = join(repositoryRoot, "packages", "vulndb", "src", "feeds", feed, "testdata");
      cpSync(testdata, join(scratch, "feeds", feed), { recursive: true });
    }
    const args = ["db", "build", "--from", join(scratch, "feeds"), "--out", join(scratch, "vulndb.sqlite")];
    const output = execFileSync(join(repositoryRoot, "bin", "plimsoll"), args, {
      encoding: "utf8",
      env: environment(),
    });
    for (const feed of ["rubysec", "pypa", "rustsec", "wolfi-advisories", "azurelinux-oval", "ghsa"]) {
      expect(output).toMatch(new RegExp(`^${feed} .*[1-9]`, "m"));
    }
    expect(output).not.toMatch(/not (YAML|XML|JSON|TOML)/);
  });

  it("judges a known image by what the database says now, however that came into its place", {
    timeout: 120_000,
  }, async () => {
    const harbour = await openHarbour();
    try {
      const [database, knows, silent] = ["vulndb", "knows", "silent"].map((name) => join(harbour.db, `${name}.sqlite`));
      if (database === undefined || knows === undefined || silent === undefined) throw new TypeError("three names");
      copyFileSync(database, knows);
      await buildVulndb(Readable.from([]), { out: silent, now: Date.parse("2026-01-05T00:00:00Z") });
      const scan = (): string => scanOf(harbour.vulnerable, "--dbpath", harbour.db);
      const first = scan();
      expect(first).toContain("CVE-2025-0001");
      // Two layers, the image, its judgements.
      expect(
        readdirSync(join(scratch, ".cache", "plimsoll", "layers")).filter((name) => name !== "swept"),
      ).toHaveLength(4);
      expect(scan()).toBe(first);
      expect(scanOf(harbour.vulnerable, "--dbpath", harbour.db, "--no-cache")).toBe(first);
      copyFileSync(silent, database);
      expect(scan()).not.toContain("CVE-2025-0001");
      copyFileSync(knows, `${database}.new`);
      renameSync(`${database}.new`, database);
      expect(scan()).toBe(first);
    } finally {
      harbour.close();
    }
  });
});

/** The report of a scan of an archive, at one time. */
function scanOf(archive: string, ...more: readonly string[]): string {
  const args = ["scan", archive, "--skip-get-database", "--allow-incomplete", "--output", "json", ...more];
  const env = { ...environment(), SOURCE_DATE_EPOCH: "1767571200" };
  const { status, stdout, stderr } = spawnSync(join(repositoryRoot, "bin", "plimsoll"), args, {
    encoding: "utf8",
    env,
  });
  expect([0, 1], stderr).toContain(status);
  return stdout;
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: [join(process.execPath, ".."), process.env.PATH].join(":"), HOME: scratch };
}
