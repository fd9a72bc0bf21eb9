import { join } from "node:path";
import { cyclonedxXmlCheck, golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { writeOptions } from "../../test/builders.ts";
import { oneFinding, sharedReports } from "../../test/reports.ts";
import { cyclonedxXmlReport, cyclonedxXmlReport15, cyclonedxXmlReport17 } from "./report-format.ts";
import { cyclonedxXml, cyclonedxXml15, cyclonedxXml17 } from "./sbom-format.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };

describe("cyclonedx-xml", () => {
  it.each(sharedReports)("writes the SBOM and the vulnerabilities of %s as golden files", (name, report) => {
    golden(join(import.meta.dirname, "testdata", `${name}.cdx.xml`), cyclonedxXml.write(report.sbom, options));
    golden(
      join(import.meta.dirname, "testdata", `${name}.vdr.cdx.xml`),
      cyclonedxXmlReport.write(report, writeOptions()),
    );
  });

  it.each(sharedReports)(
    "gives %s piece by piece as it does whole, under the serial number it is told",
    (_, { sbom }) => {
      const named = { ...options, serial: "01234567-89ab-8def-8123-456789abcdef" };
      const text = cyclonedxXml15.write(sbom, named);
      expect([...cyclonedxXml15.pieces(sbom, named)].join("")).toBe(text);
      expect(text).toContain('serialNumber="urn:uuid:01234567-89ab-8def-8123-456789abcdef"');
    },
  );

  it.each([
    ["1.5", cyclonedxXml15, cyclonedxXmlReport15],
    ["1.6", cyclonedxXml, cyclonedxXmlReport],
    ["1.7", cyclonedxXml17, cyclonedxXmlReport17],
  ] as const)("is valid by the published schema %s, with and without vulnerabilities", async (version, plain, full) => {
    const check = cyclonedxXmlCheck(version);
    for (const [name, report] of sharedReports) {
      expect(await check(plain.write(report.sbom, options)), name).toEqual([]);
      expect(await check(full.write(report, writeOptions())), name).toEqual([]);
    }
    expect(await check(plain.write(oneFinding.sbom, options).replace("<name>", "<nome>"))).not.toEqual([]);
  });
});
