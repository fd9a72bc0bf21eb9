import { join } from "node:path";
import { reportV0, reportV1 } from "@plimsoll/contract";
import { golden, sarifCheck } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { shopAgainstBaseline, shopNothingNew } from "../test/baselines.ts";
import { writeOptions } from "../test/builders.ts";
import { shopUpgrade } from "../test/differences.ts";
import { onlyNew } from "./against-baseline.ts";
import { reportFormats } from "./formats.ts";
import { parseSarifOptions } from "./sarif/sarif-options.ts";

function written(name: string, report = shopAgainstBaseline, ...sarif: readonly string[]): string {
  const format = reportFormats.find((one) => one.name === name);
  if (format === undefined) throw new TypeError(`no format ${name}`);
  return format.write(report, writeOptions({ sarif: parseSarifOptions(sarif) }));
}

interface SarifLog {
  readonly runs: readonly {
    readonly results: readonly { readonly ruleId: string; readonly baselineState?: string }[];
  }[];
}

function sarifStates(report = shopAgainstBaseline, ...settings: readonly string[]): string[] {
  const log = JSON.parse(written("sarif", report, ...settings)) as SarifLog;
  return log.runs.flatMap(({ results }) => results.map(({ ruleId, baselineState }) => `${ruleId} ${baselineState}`));
}

describe("a report against a baseline", () => {
  it.each(["console", "markdown", "junit", "github", "html", "sarif", "json-v1", "json-v0"])(
    "is written as %s like its golden file",
    (name) => golden(join(import.meta.dirname, "testdata", `against-baseline.${name}`), written(name)),
  );

  it("shows in gates only what is new or worsened", () => {
    expect(onlyNew(shopAgainstBaseline).findings.map(({ vulnerability }) => vulnerability)).toEqual([
      "CVE-2021-44228",
      "CVE-2021-23337",
      "CVE-2021-23337",
    ]);
    for (const name of ["console", "markdown", "github", "junit"]) {
      expect(written(name), name).toContain("CVE-2021-44228");
      expect(written(name), name).not.toContain("CVE-2024-1002");
    }
  });

  it("never says that nothing is known where something is", () => {
    expect(written("console", shopNothingNew)).toContain("Nothing new against the baseline");
    expect(written("console", shopNothingNew).replace(/\s+/g, " ")).toContain("0 new, 0 worsened, 5 known in it");
    for (const name of ["console", "markdown", "github", "html"]) {
      expect(written(name, shopNothingNew), name).not.toMatch(/no known vulnerability/i);
    }
  });

  it("keeps every finding in documents that others compare by themselves", () => {
    for (const name of [
      "gitlab",
      "gitlab-codequality",
      "csv",
      "cyclonedx-json",
      "spdx-json",
      "json-v1",
      "json-v0",
      "html",
    ]) {
      expect(written(name), name).toContain("CVE-2024-1002");
    }
  });

  it("is valid SARIF with a state for every result, and absent ones only when asked for", async () => {
    const states = [
      "CVE-2021-44228 new",
      "CVE-2021-23337 updated",
      "CVE-2021-23337 new",
      "CVE-2024-1003 unchanged",
      "CVE-2024-1002 unchanged",
    ];
    expect(sarifStates()).toEqual(states);
    const absent = ["CVE-2024-1001 absent", "CVE-2024-1004 absent"];
    expect(sarifStates(shopAgainstBaseline, "include-absent")).toEqual([...states, ...absent]);
    expect(sarifStates(shopUpgrade.after.report).every((line) => line.endsWith("undefined"))).toBe(true);
    const check = await sarifCheck();
    expect(check(written("sarif", shopAgainstBaseline, "include-absent"))).toEqual([]);
    expect(check(written("sarif", shopAgainstBaseline, "group-by-package"))).toEqual([]);
  });

  it("is what the contract says in JSON v1 and v0", () => {
    for (const [name, schema] of [
      ["json-v1", reportV1],
      ["json-v0", reportV0],
    ] as const) {
      const parsed: unknown = JSON.parse(written(name));
      expect(schema.parse(parsed)).toEqual(parsed);
    }
    expect(reportV1.parse(JSON.parse(written("json-v1"))).result.baseline).toMatchObject({
      new: 2,
      worsened: 1,
      known: 2,
    });
  });
});
