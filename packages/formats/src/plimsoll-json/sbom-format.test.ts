import { join } from "node:path";
import { PlimsollError } from "@plimsoll/kit";
import { golden } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneFinding, sharedReports } from "../../test/reports.ts";
import { plimsollJson } from "./sbom-format.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };
const good = plimsollJson.write(oneFinding.sbom, options);

describe("plimsoll-json", () => {
  it.each(sharedReports)("reads the SBOM of %s back as it was written", (name, { sbom }) => {
    const text = plimsollJson.write(sbom, options);
    expect(plimsollJson.read(text)).toEqual(sbom);
    golden(join(import.meta.dirname, "testdata", `${name}.plimsoll.json`), text);
  });

  it("shows the name the user gave", () => {
    expect(
      plimsollJson.read(plimsollJson.write(oneFinding.sbom, { ...options, pullString: "web:7" })).source.name,
    ).toBe("web:7");
  });

  it.each([
    ["nothing", "", "BAD_SBOM", "it is not JSON"],
    ["half a document", good.slice(0, 200), "BAD_SBOM", "it is not JSON"],
    ["another document", "[]", "BAD_SBOM", "SBOM is not an object"],
    ["CycloneDX", '{"bomFormat":"CycloneDX"}', "BAD_SBOM", "SBOM.schemaVersion is not a whole number"],
    ["a newer schema", good.replace('"schemaVersion": 1', '"schemaVersion": 2'), "NEWER_SBOM", "schema version 2"],
    [
      "an unknown ecosystem",
      good.replace('"ecosystem": "deb"', '"ecosystem": "abc"'),
      "BAD_SBOM",
      "SBOM.packages[0].ecosystem",
    ],
    [
      "a bad digest",
      good.replace(/"introducedIn": "sha256:.{64}"/, '"introducedIn": "sha256:1"'),
      "BAD_SBOM",
      "packages[0].introducedIn",
    ],
    ["a negative size", good.replace(/"size": \d+/, '"size": -1'), "BAD_SBOM", "size is not a whole number"],
  ])("refuses %s", (...[, text, code, words]) => {
    expect(() => plimsollJson.read(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
  });

  it("survives any change of a document with an error of its own or a good SBOM", () => {
    const place = fc.record({ at: fc.nat(good.length), drop: fc.nat(40), insert: fc.string({ maxLength: 8 }) });
    fc.assert(
      fc.property(place, ({ at, drop, insert }) => {
        try {
          plimsollJson.read(good.slice(0, at) + insert + good.slice(at + drop));
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("names nothing it was not given for a key called __proto__", () => {
    const text = good.replace('"labels": {', '"labels": {"__proto__": "x", ');
    expect(Object.hasOwn(plimsollJson.read(text).image?.config.labels ?? {}, "__proto__")).toBe(true);
  });
});
