import { join } from "node:path";
import { cyclonedxJsonCheck, golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { packageOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { oneFinding, sharedReports, unratedAndRemoved } from "../../test/reports.ts";
import { cyclonedxJsonReport, cyclonedxJsonReport15, cyclonedxJsonReport17 } from "./report-format.ts";
import { cyclonedxJson, cyclonedxJson15, cyclonedxJson17 } from "./sbom-format.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };
const versions = ["1.5", "1.6", "1.7"];
const checks = new Map(
  await Promise.all(versions.map(async (version) => [version, await cyclonedxJsonCheck(version)] as const)),
);
const testdata = join(import.meta.dirname, "testdata");

describe("cyclonedx-json", () => {
  it.each(sharedReports)("writes the SBOM of %s as its golden file, with unique references", (name, { sbom }) => {
    const text = cyclonedxJson.write(sbom, options);
    const bom = JSON.parse(text) as Bom;
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const refs = [bom.metadata.component, ...bom.components].map((component) => component["bom-ref"]);
    expect(new Set(refs).size).toBe(refs.length);
    golden(join(testdata, `${name}.cdx.json`), text);
  });

  it.each(sharedReports)("writes %s with its vulnerabilities as its golden file", (name, report) => {
    const text = cyclonedxJsonReport.write(report, writeOptions());
    const bom = JSON.parse(text) as Bom;
    const refs = new Set(bom.components.map((component) => component["bom-ref"]));
    const affected = bom.vulnerabilities?.flatMap(({ affects }) => affects.map(({ ref }) => ref)) ?? [];
    expect(affected.filter((ref) => !refs.has(ref))).toEqual([]);
    golden(join(testdata, `${name}.vdr.cdx.json`), text);
  });

  it.each([
    ["1.5", cyclonedxJson15, cyclonedxJsonReport15],
    ["1.6", cyclonedxJson, cyclonedxJsonReport],
    ["1.7", cyclonedxJson17, cyclonedxJsonReport17],
  ] as const)("is valid by the published schema %s, with and without vulnerabilities", (version, plain, full) => {
    for (const [name, report] of sharedReports) {
      for (const text of [plain.write(report.sbom, options), full.write(report, writeOptions())]) {
        expect(checks.get(version)?.(text), name).toEqual([]);
        expect((JSON.parse(text) as Bom).specVersion).toBe(version);
      }
    }
  });

  it("has the same serial number for the same content and another for other content", () => {
    const serial = (name: string): string => {
      const source = { kind: "image", transport: "registry", name } as const;
      return (JSON.parse(cyclonedxJson.write(sbomOf({ source }), options)) as Bom).serialNumber;
    };
    expect(serial("a")).toBe(serial("a"));
    expect(serial("a")).not.toBe(serial("b"));
  });

  it.each(sharedReports)(
    "gives %s piece by piece as it does whole, under the serial number it is told",
    (_, { sbom }) => {
      const named = { ...options, serial: "01234567-89ab-8def-8123-456789abcdef" };
      const text = cyclonedxJson15.write(sbom, named);
      expect([...cyclonedxJson15.pieces(sbom, named)].join("")).toBe(text);
      expect((JSON.parse(text) as Bom).serialNumber).toBe("urn:uuid:01234567-89ab-8def-8123-456789abcdef");
      expect(checks.get("1.5")?.(text)).toEqual([]);
    },
  );

  it("leaves removed packages out and splits scopes and groups from names", () => {
    const bom = JSON.parse(cyclonedxJson.write(unratedAndRemoved.sbom, options)) as Bom;
    const packages = bom.components.filter(({ type }) => type !== "operating-system");
    expect(packages.map(({ group, name }) => [group, name])).toEqual([["@acme", "parser"]]);
  });

  it("tells SPDX ids, expressions and other words of licences apart", () => {
    const written = (licenses: readonly string[]): unknown => {
      const sbom = sbomOf({ packages: [packageOf("npm", ["a", "1"], { licenses })] });
      const text = cyclonedxJson.write(sbom, options);
      expect(checks.get("1.6")?.(text)).toEqual([]);
      return (JSON.parse(text) as Bom).components.at(-1)?.licenses;
    };
    expect(written(["MIT OR Apache-2.0"])).toEqual([{ expression: "MIT OR Apache-2.0" }]);
    expect(written(["MIT", "GPL-2+", "MIT OR ISC"])).toEqual([
      { license: { id: "MIT" } },
      { license: { name: "GPL-2+" } },
      { license: { name: "MIT OR ISC" } },
    ]);
  });

  it("says that it is incomplete where it is", () => {
    const problems = [{ level: "incomplete", code: "layer-unreadable", message: "a layer was not read" }] as const;
    const bom = JSON.parse(cyclonedxJson.write(sbomOf({ problems }), options)) as Bom;
    expect(bom.compositions).toEqual([{ aggregate: "incomplete", assemblies: ["source"] }]);
  });

  it("names who rates a vulnerability, its fix, and the scan's time", () => {
    const bom = JSON.parse(cyclonedxJsonReport.write(oneFinding, writeOptions({ pullString: "web:7" }))) as Bom;
    expect(bom.metadata).toMatchObject({ timestamp: "2026-01-02T03:04:05.000Z", component: { name: "web:7" } });
    expect(bom.vulnerabilities).toMatchObject([
      {
        id: "CVE-2024-5535",
        ratings: [{ source: { name: "nvd" }, severity: "critical", score: 9.1, method: "CVSSv31" }],
        recommendation: "Upgrade to 3.0.14-1~deb12u2",
      },
    ]);
  });
});

interface Component {
  readonly "bom-ref": string;
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly licenses?: unknown;
}

interface Bom {
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly compositions?: unknown;
  readonly vulnerabilities?: readonly { readonly affects: readonly { readonly ref: string }[] }[];
}
