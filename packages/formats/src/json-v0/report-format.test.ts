import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportV0 } from "@plimsoll/contract";
import { golden, sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { packageOf, reportOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { hostile, manyLayers, oneFinding, sharedReports, unratedAndRemoved } from "../../test/reports.ts";
import { jsonV0 } from "./report-format.ts";

const realV0 = sharedData("reference-results", "v0");
const ours = new Set(["result.complete", "result.problems", "result.knowledge", "result.packages.vulns.unrated"]);

describe("json-v0", () => {
  it.each(sharedReports)("writes the report %s as its golden file, valid", (name, report) => {
    const text = jsonV0.write(report, writeOptions({ layers: name === "many-layers" }));
    const parsed: unknown = JSON.parse(text);
    expect(reportV0.parse(parsed)).toEqual(parsed);
    expect(text).not.toContain('"vulns": null');
    golden(join(import.meta.dirname, "testdata", `${name}.json`), text);
  });

  it("never writes an empty version, which breaks readers", () => {
    const report = reportOf(sbomOf({ packages: [packageOf("golang", ["example.org/dep", ""])] }));
    const { packages } = reportV0.parse(JSON.parse(jsonV0.write(report, writeOptions()))).result;
    expect(Object.values(packages).map(({ version }) => version)).toEqual(["unknown"]);
  });

  it.skipIf(realV0 === null)("uses only keys the real files have, and ours (skipped without ../shared/data)", () => {
    const real = new Set(
      ["azure-task-sample.json", "results.json"].flatMap((name) => [
        ...keyPaths(JSON.parse(readFileSync(join(realV0 ?? "", name), "utf8"))),
      ]),
    );
    for (const report of [oneFinding, unratedAndRemoved, manyLayers, hostile]) {
      const text = jsonV0.write(report, writeOptions({ layers: true }));
      const paths = [...keyPaths(JSON.parse(text))].filter((path) => !isOurs(path));
      expect(paths.filter((path) => !real.has(path))).toEqual([]);
    }
  });

  it("counts each vulnerability of each package once, and adds up per layer", () => {
    const { result } = reportV0.parse(JSON.parse(jsonV0.write(manyLayers, writeOptions({ layers: true }))));
    const total = Object.values(result.vulnTotalBySeverity).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(manyLayers.findings.length);
    const perLayer = (result.layers ?? []).flatMap(({ vulns }) => Object.values(vulns));
    expect(perLayer.reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(total);
    expect(result.metadata.layersCount).toBe(28);
  });

  it("points every failure at the vulnerability it names", () => {
    const { packages, policyEvaluations } = reportV0.parse(JSON.parse(jsonV0.write(manyLayers, writeOptions()))).result;
    const failures = policyEvaluations
      .flatMap(({ bundles }) => bundles.flatMap(({ rules }) => rules))
      .flatMap(({ failures }) => failures ?? []);
    const named = failures.flatMap((failure) => ("pkgIndex" in failure ? [failure] : []));
    expect(named).not.toHaveLength(0);
    for (const { pkgIndex, vulnInPkgIndex, description } of named) {
      const pkg = packages[pkgIndex];
      expect(description).toBe(`${pkg?.vulns?.[vulnInPkgIndex]?.name} found in pkg '${pkg?.name}:${pkg?.version}'`);
    }
  });

  it("leaves layers out unless they are asked for", () => {
    const { result } = reportV0.parse(JSON.parse(jsonV0.write(manyLayers, writeOptions())));
    expect(result.layers).toBeUndefined();
    expect(result.packages.every(({ layerDigest }) => layerDigest === undefined)).toBe(true);
  });

  it("writes a host in the only shape there is", () => {
    const report = reportOf(sbomOf({ source: { kind: "host", transport: "host", name: "pilot" } }));
    expect(reportV0.safeParse(JSON.parse(jsonV0.write(report, writeOptions({ layers: true })))).success).toBe(true);
  });
});

function isOurs(path: string): boolean {
  return [...ours].some((own) => path === own || path.startsWith(`${own}.`));
}

/** Every key as a path; list positions and the keys of open tables (labels, dates by vendor, extras) do not count. */
function keyPaths(value: unknown, path = ""): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...keyPaths(item, path)]));
  if (typeof value !== "object" || value === null) return new Set();
  const open = /(labels|publishDateByVendor|annotations|extra|Arguments)$/.test(path);
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const place = path === "" ? key : `${path}.${key}`;
    return open ? [] : [place, ...keyPaths(item, place)];
  });
  return new Set(inner);
}
