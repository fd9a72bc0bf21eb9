import { describe, expect, it } from "vitest";
import { parseManifest } from "./parse-manifest.ts";

const line = (...cells: string[]): string => `${cells.join("\t")}\n`;
const glibc = [
  "glibc",
  "2.35-2.cm2",
  "1",
  "2",
  "Microsoft Corporation",
  "(none)",
  "5",
  "x86_64",
  "0",
  "glibc-2.35-2.cm2.src.rpm",
];
const replaced = (at: number, text: string): string =>
  line(...glibc.map((cell, index) => (index === at ? text : cell)));

describe("parseManifest", () => {
  it("reads one package a line", () => {
    const { packages, problems } = parseManifest(
      line(...glibc) + line("vim", "9.0-1.cm2", "1", "2", "Me", "2", "4", "noarch", "2", "editors-9.0-1.cm2.src.rpm"),
    );
    expect(problems).toEqual([]);
    expect(packages).toEqual([
      {
        ecosystem: "rpm",
        name: "glibc",
        version: "2.35-2.cm2",
        arch: "x86_64",
        vendor: "Microsoft Corporation",
        kind: "installed",
      },
      {
        ecosystem: "rpm",
        name: "vim",
        version: "2:9.0-1.cm2",
        arch: "noarch",
        source: { name: "editors", version: "2:9.0-1.cm2" },
        vendor: "Me",
        kind: "installed",
      },
    ]);
  });

  it.each([
    ["nothing", ""],
    ["another format", "glibc-2.35-2.cm2.x86_64\n"],
    ["a column too many", line(...glibc, "x")],
    ["no release", replaced(1, "2.35")],
    ["no name", replaced(0, "")],
    ["an epoch that is no number", replaced(8, "one")],
  ])("says that a list with %s is damaged", (_, text) => {
    const { packages, problems } = parseManifest(text);
    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ level: "incomplete" }]);
  });

  it("gives the readable rest of a damaged list", () => {
    expect(parseManifest(`?\n${line(...glibc)}`)).toMatchObject({
      packages: [{ name: "glibc" }],
      problems: [{ message: "rpm database damaged: line 1 names no package" }],
    });
  });
});
