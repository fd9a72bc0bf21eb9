import { join } from "node:path";
import { expect, it } from "vitest";
import { licencesOf } from "./licences.ts";

const root = join(import.meta.dirname, "..");

it("gives each package's licence once, by name and version, and nothing for files of ours", () => {
  const inputs = ["packages/kit/src/index.ts", "node_modules/yaml/dist/index.js", "node_modules/yaml/dist/log.js"];
  const text = licencesOf(inputs, root);
  expect(text.match(/^yaml \d[\d.]* \(ISC\)$/gm)).toHaveLength(1);
  expect(text).toContain("Permission to use, copy, modify, and/or distribute this software");
  expect(licencesOf(["packages/kit/src/index.ts"], root)).toBe("");
});

it("names a package that ships no text with the licence that it states", () => {
  expect(licencesOf(["node_modules/saxes/saxes.js"], root)).toMatch(/^saxes \d[\d.]* \(ISC\)\n\n-+\n/);
});
