import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRefusal, openStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** Wrong parameters beside those of `src/parameters.test.ts`: arguments, error, words of message or hint. */
const wrong: readonly (readonly [args: readonly string[], code: string, words: string])[] = [
  [["--polcy", "x", "nginx"], "BAD_ARGUMENTS", "--polcy"],
  [["nginx", "--dbpath"], "BAD_ARGUMENTS", "--dbpath"],
  [["nginx", "--max-knowledge-age", "-1"], "BAD_ARGUMENTS", "max-knowledge-age"],
  [["nginx", "--max-knowledge-age", "99999999999"], "BAD_ARGUMENTS", "max-knowledge-age"],
  [["nginx", "--output-schema", "v9"], "BAD_ARGUMENTS", "output-schema"],
  [["nginx", "-o", "table=x"], "OUTPUT_HABIT", "--output"],
  [["nginx", "-o", "json"], "OUTPUT_HABIT", "--output json"],
  [["nginx", "-o=json=x"], "OUTPUT_HABIT", "--output json=x"],
  [["sacn", "nginx"], "TOO_MANY_SOURCES", "did you mean plimsoll scan nginx?"],
  [["sbmo", "nginx"], "TOO_MANY_SOURCES", "did you mean plimsoll sbom nginx?"],
  [["explian", "CVE-2024-1", "nginx"], "TOO_MANY_SOURCES", "did you mean plimsoll explain"],
  [["db", "updaet"], "BAD_ARGUMENTS", "plimsoll db --help"],
  [["db", "status", "--jsno"], "BAD_ARGUMENTS", "--jsno"],
  [["explain"], "BAD_ARGUMENTS", "plimsoll explain --help"],
  [["scan", "", ""], "NOTHING_TO_SCAN", "plimsoll scan nginx"],
  [["sbom", "nginx", "--output", "json"], "BAD_OPTION_VALUE", "cyclonedx"],
  [["dir:"], "FILE_NOT_FOUND", "nothing stands behind dir:"],
  [["dir:/nothing/here"], "TREE_UNREADABLE", "check the path"],
  [["file://"], "FILE_NOT_FOUND", "check the path"],
  [["sbom:/nothing/here.json", "-n"], "", "check the path"],
];

describe.concurrent("wrong parameters", () => {
  it.each(wrong)("%j: %s", async (...[args, code, words]) => {
    const child = await stage.run(args);
    const exit = args[0]?.startsWith("sbom:") ? 3 : 2;
    expectRefusal(child, { code: code === "" ? "INPUT_FAILED" : code, exit, says: [words] });
  });

  it("only empty arguments are none: help, exit 2", async () => {
    const child = await stage.run(["", ""]);
    expect([child.code, child.stdout]).toEqual([2, ""]);
    expect(child.stderr).toContain("Usage: plimsoll");
  });

  it("a wrong parameter writes no report and no log", async () => {
    const folder = join(stage.folder, "untouched");
    mkdirSync(folder);
    const args = [
      "scan",
      stage.clean,
      "-d",
      stage.db,
      "-n",
      "--policy",
      "nope",
      "--output",
      `json=${join(folder, "r")}`,
    ];
    const child = await stage.run(args);
    expect([child.code, child.stdout]).toEqual([2, ""]);
    expect(child.stderr).toContain("[BAD_OPTION_VALUE]");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.concurrent("SBOMs that cannot be read", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["another kind of document", '{"kind":"letter"}'],
    ["lists in lists, 100,000 deep", "[".repeat(100_000)],
    ["bytes that are no text", "\u0000\ufffd\u0001"],
  ])("%s", async (...[name, content]) => {
    const path = stage.save(`${name.replace(/\W+/g, "-")}.json`, content);
    const child = await stage.scan(`sbom:${path}`);
    expectRefusal(child, { code: "BAD_SBOM|UNKNOWN_SBOM", exit: 3, says: ["plimsoll sbom"] });
  });

  it("a newer one: NEWER_SBOM; a changed one: BAD_SBOM", async () => {
    const written = await stage.run(["sbom", stage.clean, "--output", "plimsoll-json"]);
    const newer = stage.save("newer.json", written.stdout.replace('"schemaVersion": 1', '"schemaVersion": 99'));
    expectRefusal(await stage.scan(`sbom:${newer}`), { code: "NEWER_SBOM", exit: 3, says: ["99"] });
    const changed = stage.save("changed.json", written.stdout.replace('"packages": [', '"packages": [7,'));
    expectRefusal(await stage.scan(`sbom:${changed}`), { code: "BAD_SBOM", exit: 3 });
  });
});
