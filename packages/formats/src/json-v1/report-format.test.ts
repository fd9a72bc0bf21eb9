import { join } from "node:path";
import { reportV1 } from "@plimsoll/contract";
import { faultsOfReportV1, golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { packageOf, reportOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { oneFinding, sharedReports, unratedAndRemoved } from "../../test/reports.ts";
import { jsonV1 } from "./report-format.ts";

describe("json-v1", () => {
  it.each(sharedReports)(
    "writes the report %s as its golden file, valid and with every reference resolving",
    (name, report) => {
      const text = jsonV1.write(report, writeOptions());
      const parsed: unknown = JSON.parse(text);
      expect(reportV1.parse(parsed)).toEqual(parsed);
      expect(faultsOfReportV1(JSON.parse(text))).toEqual([]);
      golden(join(import.meta.dirname, "testdata", `${name}.json`), text);
    },
  );

  it("never writes an empty version, which breaks readers", () => {
    const report = reportOf(sbomOf({ packages: [packageOf("golang", ["example.org/dep", ""])] }));
    const { packages } = reportV1.parse(JSON.parse(jsonV1.write(report, writeOptions()))).result;
    expect(Object.values(packages).map(({ version }) => version)).toEqual(["unknown"]);
  });

  it("gives the same bytes twice", () => {
    expect(jsonV1.write(oneFinding, writeOptions())).toBe(jsonV1.write(oneFinding, writeOptions()));
  });

  it("calls unrated medium with score 0 and says so, and never counts what was removed", () => {
    const { vulnerabilities, packages } = reportV1.parse(
      JSON.parse(jsonV1.write(unratedAndRemoved, writeOptions())),
    ).result;
    expect(Object.values(vulnerabilities)).toEqual([
      expect.objectContaining({
        severity: "medium",
        unrated: true,
        dateEstimated: true,
        cvssScore: { version: "3.0", score: 0, vector: "" },
      }),
    ]);
    const removed = Object.values(packages).filter(({ isRemoved }) => isRemoved);
    expect(removed.map(({ name, vulnerabilitiesRefs }) => [name, vulnerabilitiesRefs])).toEqual([["wget", null]]);
  });

  it("writes a host without layers and without layer references", () => {
    const source = { kind: "host", transport: "host", name: "pilot" } as const;
    const text = jsonV1.write(reportOf(sbomOf({ source })), writeOptions());
    const { result } = reportV1.parse(JSON.parse(text));
    expect(result.assetType).toBe("host");
    expect(result.metadata).toEqual({ hostId: "pilot", hostName: "pilot", os: "debian 12.5" });
    expect(result.layers).toEqual({});
    expect(faultsOfReportV1(JSON.parse(text))).toEqual([]);
  });

  it("shows the name the user gave instead of the source's", () => {
    const text = jsonV1.write(oneFinding, writeOptions({ pullString: "shop/web:7" }));
    expect(reportV1.parse(JSON.parse(text)).result.metadata).toHaveProperty("pullString", "shop/web:7");
  });

  it("evaluates nothing when no policy was asked for, and passes", () => {
    const text = jsonV1.write(reportOf(sbomOf({}), { policies: [] }), writeOptions());
    expect(reportV1.parse(JSON.parse(text)).result.policies).toEqual({ globalEvaluation: "passed", evaluations: [] });
  });
});
