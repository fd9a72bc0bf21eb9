import { PlimsollError } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { manyLayers } from "../../test/reports.ts";
import { cyclonedxJson } from "../cyclonedx-json/sbom-format.ts";
import { cyclonedxXml } from "../cyclonedx-xml/sbom-format.ts";
import { spdxJson } from "../spdx-json/sbom-format.ts";
import { readSbomText } from "./read-sbom-text.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };
const formats = [cyclonedxJson, cyclonedxXml, spdxJson];

const cyclonedx = (components: readonly unknown[], rest: object = {}): Promise<Sbom> =>
  readSbomText(JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components, ...rest }));
const library = (purl: string, rest: object = {}) => ({ type: "library", name: "x", version: "1", purl, ...rest });

describe("readSbomText, given what nobody should write,", () => {
  it.each([
    ["nothing", "", "neither JSON nor XML"],
    ["a list", "[]", "its kind is not known"],
    ["Syft's own format", '{"artifacts":[],"descriptor":{}}', "cyclonedx-json"],
    ["SPDX 3", '{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}', "SPDX 3"],
    ["SPDX 1", '{"spdxVersion":"SPDX-1.2"}', "only SPDX 2"],
    ["other XML", "<html/>", "no CycloneDX document"],
    ["broken XML", '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><a></bom>', "unexpected close tag"],
    ["entities", '<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "document type"],
    ["endless depth", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">${"<a>".repeat(10_000)}`, "too many elements"],
    ["endless depth in JSON", "[".repeat(1_000_000), "neither JSON nor XML"],
  ])("refuses %s", async (_, document, words) => {
    await expect(readSbomText(document)).rejects.toThrow(
      expect.objectContaining({ code: "UNKNOWN_SBOM", message: expect.stringContaining(words) }),
    );
  });

  it("stops at the limits and says so", async () => {
    let deep: object = library("pkg:npm/a@1");
    for (let level = 0; level < 100; level += 1) deep = library(`pkg:npm/a${level}@1`, { components: [deep] });
    const { packages, problems } = await cyclonedx([deep]);
    expect(packages).toHaveLength(64);
    expect(problems.map(({ code }) => code)).toEqual(["sbom-too-large"]);
  });

  it("tells a few unknown types apart and counts the rest together", async () => {
    const { problems } = await cyclonedx(Array.from({ length: 1000 }, (_, index) => library(`pkg:t${index}/a@1`)));
    expect(problems).toHaveLength(21);
    expect(problems.map(({ message }) => Number.parseInt(message, 10)).reduce((sum, count) => sum + count)).toBe(1000);
  });

  it("shows names from outside harmlessly in its messages", async () => {
    const { problems, source } = await cyclonedx([{ type: "library", name: "\u001b[31m\u202e" }], {
      metadata: { component: { type: "container", name: "a\u001b\n" } },
    });
    expect(JSON.stringify([problems, source])).not.toMatch(/\\u001b|\u202e|\\n/);
  });

  it("shows Problems that a document tells of itself harmlessly", async () => {
    const properties = [{ name: "plimsoll:problem:note", value: "a\u001b[31m\u202eb" }];
    const { problems } = await cyclonedx([], { metadata: { properties } });
    expect(problems.map(({ message }) => message)).toEqual(["a\\u{1b}[31m\\u{202e}b"]);
  });

  it("survives any change of a document with an error of its own or an SBOM", async () => {
    const documents = formats.map((format) => format.write(manyLayers.sbom, options));
    const change = fc.record({
      which: fc.nat(documents.length - 1),
      at: fc.nat(20_000),
      drop: fc.nat(60),
      insert: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("<", "]]>", "{", "null", '"purl":1,', "&a;")),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ which, at, drop, insert }) => {
        const good = documents[which] ?? "";
        const place = at % good.length;
        try {
          await readSbomText(good.slice(0, place) + insert + good.slice(place + drop));
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("survives any JSON in any place", async () => {
    const odd = fc.record({
      components: fc.jsonValue(),
      packages: fc.jsonValue(),
      metadata: fc.jsonValue(),
      relationships: fc.jsonValue(),
      compositions: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(odd, fc.boolean(), async (value, isSpdx) => {
        const head = isSpdx ? { spdxVersion: "SPDX-2.3" } : { bomFormat: "CycloneDX" };
        await readSbomText(JSON.stringify({ ...head, ...value }));
      }),
      { numRuns: 300 },
    );
  });
});
