import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";

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
});

function environment(): NodeJS.ProcessEnv {
  return { PATH: [join(process.execPath, ".."), process.env.PATH].join(":"), HOME: scratch };
}
