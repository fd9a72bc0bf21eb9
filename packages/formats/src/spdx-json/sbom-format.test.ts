import { join } from "node:path";
import { golden, spdxCheck } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { packageOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { oneFinding, partial, sharedReports } from "../../test/reports.ts";
import { spdxJsonReport } from "./report-format.ts";
import { spdxJson } from "./sbom-format.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };
const check = await spdxCheck();

describe("spdx-json", () => {
  it.each(sharedReports)(
    "writes the SBOM of %s as its golden file, valid by the published schema",
    (name, { sbom }) => {
      const text = spdxJson.write(sbom, options);
      expect(check(text)).toEqual([]);
      golden(join(import.meta.dirname, "testdata", `${name}.spdx.json`), text);
    },
  );

  it.each(sharedReports)(
    "writes %s with pages about its vulnerabilities, valid by the published schema",
    (name, report) => {
      const text = spdxJsonReport.write(report, writeOptions());
      expect(check(text)).toEqual([]);
      golden(join(import.meta.dirname, "testdata", `${name}.report.spdx.json`), text);
    },
  );

  it("is checked by a schema that can fail", () => {
    expect(check(spdxJson.write(oneFinding.sbom, options).replace('"SPDXID"', '"SPDXId"'))).not.toEqual([]);
  });

  it("keeps every reference and id of SPDX's own form", () => {
    for (const [, { sbom }] of sharedReports) {
      const { packages, relationships } = JSON.parse(spdxJson.write(sbom, options)) as Spdx;
      const ids = new Set(["SPDXRef-DOCUMENT", ...packages.map(({ SPDXID }) => SPDXID)]);
      expect(ids.size).toBe(packages.length + 1);
      for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
      const ends = relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [
        spdxElementId,
        relatedSpdxElement,
      ]);
      expect(ends.filter((id) => !ids.has(id))).toEqual([]);
    }
  });

  it("gives words that are no SPDX licence a reference of their own, once", () => {
    const packages = [
      packageOf("deb", ["a", "1"], { licenses: ["GPL-2+", "MIT OR ISC"] }),
      packageOf("deb", ["b", "1"], { licenses: ["GPL-2+"] }),
      packageOf("deb", ["c", "1"], {}),
    ];
    const document = JSON.parse(spdxJson.write(sbomOf({ packages }), options)) as Spdx;
    const [extracted] = document.hasExtractedLicensingInfos ?? [];
    expect(document.hasExtractedLicensingInfos).toHaveLength(1);
    expect(extracted).toMatchObject({ extractedText: "GPL-2+" });
    expect(extracted?.licenseId).toMatch(/^LicenseRef-GPL-2-[0-9a-f]{8}$/);
    expect(document.packages.slice(2).map(({ licenseDeclared }) => licenseDeclared)).toEqual([
      `${extracted?.licenseId} AND (MIT OR ISC)`,
      extracted?.licenseId,
      "NOASSERTION",
    ]);
  });

  it("says in its comment what could not be read", () => {
    const sbom = { ...partial.sbom, problems: partial.problems };
    expect((JSON.parse(spdxJson.write(sbom, options)) as Spdx).comment).toContain("This document is incomplete.");
  });
});

interface Spdx {
  readonly comment?: string;
  readonly packages: readonly { readonly SPDXID: string; readonly licenseDeclared: string }[];
  readonly relationships: readonly { readonly spdxElementId: string; readonly relatedSpdxElement: string }[];
  readonly hasExtractedLicensingInfos?: readonly { readonly licenseId: string }[];
}
