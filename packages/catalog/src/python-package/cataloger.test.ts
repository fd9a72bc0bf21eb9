import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits } from "@plimsoll/kit";
import { zipOfFiles } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { pythonPackage } from "./cataloger.ts";

const site = "usr/lib/python3/dist-packages";

describe("the Python cataloger", () => {
  it("reads a wheel's metadata, headers only, the name as written", () => {
    const bytes = readFileSync(join(import.meta.dirname, "testdata", "METADATA"));
    expect(
      pythonPackage.parse({ path: `${site}/Example_Thing-1.2.3.dist-info/METADATA`, bytes }, defaultLimits),
    ).toEqual({
      packages: [{ ecosystem: "pypi", name: "Example_Thing", version: "1.2.3", licenses: ["MIT"], kind: "installed" }],
    });
  });

  it.each([
    [`${site}/requests-2.31.0.dist-info/METADATA`, "body"],
    [`${site}/requests-2.31.0.egg-info/PKG-INFO`, "body"],
    [`${site}/requests-2.31.0.egg-info`, "body"],
    [`${site}/requests-2.31.0-py3.11.egg/EGG-INFO/PKG-INFO`, "body"],
    [`${site}/requests-2.31.0-py3.11.egg`, "head"],
    [`${site}/requests-2.31.0.dist-info/RECORD`, "ignore"],
    ["src/project/PKG-INFO", "ignore"],
    ["src/METADATA", "ignore"],
  ])("%s → %s", (path, wanted) => {
    expect(pythonPackage.select({ path, type: "file", size: 1, mode: 0o644 })).toBe(wanted);
  });

  it.each([
    [
      "the folder's name when the headers have none",
      "a-1.0.dist-info/METADATA",
      "Metadata-Version: 2.1\n",
      "a@1.0",
      [],
    ],
    [
      "an egg-info file",
      "six-1.16.0.egg-info",
      "Metadata-Version: 1.1\nName: six\nVersion: 1.16.0\n",
      "six@1.16.0",
      [],
    ],
    ["an empty egg-info file", "six-1.16.0-py3.9.egg-info", "", "six@1.16.0", []],
    ["no version anywhere", "thing.egg-info/PKG-INFO", "Name: thing\n", "thing@", ["package-version-unknown"]],
    ["Windows line ends", "a-1.dist-info/METADATA", "Name: a\r\nVersion: 1\r\n\r\nName: b\r\n", "a@1", []],
    ["binary junk", "a-1.dist-info/METADATA", "\u0000\u0001\ufffd", "a@1", []],
    ["nothing to go by", ".egg-info/PKG-INFO", "", "", ["package-file-unreadable"]],
  ])("reads %s", (...[, path, text, expected, problems]) => {
    const facts = pythonPackage.parse({ path: `${site}/${path}`, bytes: Buffer.from(text) }, defaultLimits);
    expect((facts.packages ?? []).map(({ name, version }) => `${name}@${version}`).join()).toBe(expected);
    expect((facts.problems ?? []).map(({ code }) => code)).toEqual(problems);
  });

  const egg = zipOfFiles({ "EGG-INFO/PKG-INFO": "Name: thing\nVersion: 2.0\n", "thing.py": "" });

  it.each([
    ["its metadata", egg, ["thing@2.0"], []],
    ["nothing when it holds no metadata", zipOfFiles({ "a.py": "" }), [], []],
    ["that it is cut", egg.subarray(0, -30), [], ["archive-unreadable"]],
    ["that its metadata is damaged", damaged(egg), [], ["archive-unreadable"]],
  ])("reads of a zipped egg %s", (...[, bytes, expected, codes]) => {
    const facts = pythonPackage.parse({ path: `${site}/thing-2.0-py3.11.egg`, bytes }, defaultLimits);
    expect((facts.packages ?? []).map(({ name, version }) => `${name}@${version}`)).toEqual(expected);
    expect((facts.problems ?? []).map(({ code }) => code)).toEqual(codes);
  });

  it("wants no file that only ends like an egg", () => {
    expect(pythonPackage.claims(egg)).toBe(true);
    expect(pythonPackage.claims(Buffer.from("yolk"))).toBe(false);
  });
});

/** One byte of the metadata turned over: its checksum does not fit. */
function damaged(zip: Buffer): Buffer {
  const copy = Buffer.from(zip);
  const at = copy.indexOf("EGG-INFO/PKG-INFO") + "EGG-INFO/PKG-INFO".length + 2;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
