import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sbomOf } from "../../test/builders.ts";
import { sharedReports, unratedAndRemoved } from "../../test/reports.ts";
import { cyclonedxJson } from "./sbom-format.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };

describe("cyclonedx-json", () => {
  it.each(sharedReports)("writes the SBOM of %s as its golden file, with unique references", (name, { sbom }) => {
    const text = cyclonedxJson.write(sbom, options);
    const bom = JSON.parse(text) as Bom;
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const refs = [bom.metadata.component, ...bom.components].map((component) => component["bom-ref"]);
    expect(new Set(refs).size).toBe(refs.length);
    golden(join(import.meta.dirname, "testdata", `${name}.cdx.json`), text);
  });

  it("has the same serial number for the same content and another for other content", () => {
    const serial = (name: string): string => {
      const source = { kind: "image", transport: "registry", name } as const;
      return (JSON.parse(cyclonedxJson.write(sbomOf({ source }), options)) as Bom).serialNumber;
    };
    expect(serial("a")).toBe(serial("a"));
    expect(serial("a")).not.toBe(serial("b"));
  });

  it("leaves removed packages out and splits scopes and groups from names", () => {
    const bom = JSON.parse(cyclonedxJson.write(unratedAndRemoved.sbom, options)) as Bom;
    const packages = bom.components.filter(({ type }) => type !== "operating-system");
    expect(packages.map(({ group, name }) => [group, name])).toEqual([["@acme", "parser"]]);
  });

  it("says that it is incomplete where it is", () => {
    const problems = [{ level: "incomplete", code: "layer-unreadable", message: "a layer was not read" }] as const;
    const bom = JSON.parse(cyclonedxJson.write(sbomOf({ problems }), options)) as Bom;
    expect(bom.compositions).toEqual([{ aggregate: "incomplete", assemblies: ["source"] }]);
  });
});

interface Component {
  readonly "bom-ref": string;
  readonly type: string;
  readonly group?: string;
  readonly name: string;
}

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly compositions?: unknown;
}
