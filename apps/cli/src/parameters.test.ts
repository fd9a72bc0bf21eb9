import { runChild } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";

/** Wrong in one way each: arguments, code of the error, what the hint says. */
const wrong: readonly (readonly [args: readonly string[], code: string, hint: string])[] = [
  [["scan"], "NOTHING_TO_SCAN", "pull://scan"],
  [["sbom"], "NOTHING_TO_SCAN", "pull://sbom"],
  [["a", "b"], "TOO_MANY_SOURCES", "run it once for each"],
  [["scna", "nginx"], "TOO_MANY_SOURCES", "did you mean plimsoll scan nginx?"],
  [["nginx", "sbom"], "TOO_MANY_SOURCES", "put the command first: plimsoll sbom"],
  [["--nope", "nginx"], "BAD_ARGUMENTS", "plimsoll scan --help"],
  [["nginx", "--policy"], "BAD_ARGUMENTS", "plimsoll scan --help"],
  [["nginx", "--loglevel", "loud"], "BAD_ARGUMENTS", "plimsoll scan --help"],
  [["nginx", "--max-knowledge-age", "soon"], "BAD_ARGUMENTS", "plimsoll scan --help"],
  [["nginx", "--output", "xml"], "BAD_OPTION_VALUE", "json-v1"],
  [["nginx", "--output", "json-file"], "BAD_OPTION_VALUE", "json-file=FILE"],
  [["nginx", "--output", "json="], "BAD_OPTION_VALUE", "json-v1"],
  [["nginx", "-o", "json=report.json"], "OUTPUT_HABIT", "--output json=report.json"],
  [["sbom", "nginx", "-o", "cyclonedx-json"], "OUTPUT_HABIT", "--output cyclonedx-json"],
  [["nginx", "--output", "json", "--json-scan-result=/dev/stdout"], "STDOUT_TWICE", "=FILE"],
  [["nginx", "--output", "json=/does/not/exist/report.json"], "OUTPUT_FOLDER_MISSING", "write elsewhere"],
  [["nginx", "--logfile", "x.log", "--console-log"], "LOG_TWICE", "use one of them"],
  [["--apiurl", "https://example.test", "dir:."], "API_TOKEN_MISSING", "--standalone"],
  [["file:x.tar", "--registry-auth-basic", "secret"], "BAD_OPTION_VALUE", "USER:PASSWORD"],
  [["explain", "CVE-2024-1"], "BAD_ARGUMENTS", "plimsoll explain --help"],
  [["db", "frobnicate"], "BAD_ARGUMENTS", "plimsoll db --help"],
  [["db", "build"], "BAD_ARGUMENTS", "plimsoll db build --help"],
  [["db", "build", "--from", "/does/not/exist"], "BAD_OPTION_VALUE", "name an existing folder"],
];

describe("wrong parameters", () => {
  it.each(wrong)(
    "%j end with 2, say %s and what to do next, and leave nothing behind",
    async (...[args, code, hint]) => {
      const child = await runChild({ args });
      const [message = "", next = "", ...rest] = child.stderr.trimEnd().split("\n");
      expect(child.code, child.stderr).toBe(2);
      expect(message).toMatch(new RegExp(`^plimsoll: .+ \\[${code}\\]$`));
      expect(next).toMatch(/^ {2}next: /);
      expect(next).toContain(hint);
      expect(rest).toEqual([]);
      expect(child.stdout).toBe("");
      expect(child.filesLeft).toEqual([]);
      expect(child.stderr).not.toContain("secret");
    },
  );

  it("show where they come from when asked", async () => {
    const child = await runChild({ args: ["scan"], env: { PLIMSOLL_DEBUG: "1" } });
    expect(child.stderr).toMatch(/NOTHING_TO_SCAN[\s\S]+ at oneSource \(/);
  });

  it("without any shows help on stderr", async () => {
    const child = await runChild({ args: [] });
    expect([child.code, child.stdout]).toEqual([2, ""]);
    expect(child.stderr).toContain("Usage: plimsoll");
  });
});

describe("what has to wait", () => {
  it.each([[["--iac", "--apiurl=https://example.test", "-r", "-f=high", "."], "IAC_NOT_YET"]])(
    "%j ends with 3 and says so",
    async (args, code) => {
      const child = await runChild({ args });
      expect(child.code).toBe(3);
      expect(child.stderr).toContain(`[${code}]`);
    },
  );
});

describe("help and version", () => {
  it.each([[["--help"]], [["-h"]], [["help"]], [["help", "help"]]])(
    "%j lists commands and exit codes",
    async (args) => {
      const child = await runChild({ args });
      expect([child.code, child.stderr]).toEqual([0, ""]);
      for (const words of ["scan", "sbom", "explain", "db", "Exit codes", "host:"])
        expect(child.stdout).toContain(words);
    },
  );

  it.each([
    [["scan", "--help"], "--separate-by-layer"],
    [["help", "sbom"], "--output <FORMAT[=FILE]>"],
    [["explain", "-h"], "--package <name>"],
    [["db", "build", "--help"], "--facts-only"],
    [["db", "update", "--help"], "--ecosystem <key>"],
    [["help", "db"], "update"],
  ])("%j shows the options", async (args, option) => {
    const child = await runChild({ args });
    expect([child.code, child.stderr]).toEqual([0, ""]);
    expect(child.stdout).toContain(option);
  });

  it("prints its version", async () => {
    const child = await runChild({ args: ["--version"] });
    expect([child.code, child.stdout, child.stderr]).toEqual([0, "plimsoll 0.1.0\n", ""]);
  });
});
