import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dockerArchiveOf, imageOf, startTestRegistry, type TarEntry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { strayFiles } from "../../testing/stray-files.ts";
import { openStage, type Stage, wholeLayers } from "./stage.ts";

/** Clear the screen, change the title, go back over the line, turn the reading direction, end lines where none ends. */
const evil = "\u001b[2J\u001b]0;owned\u0007\r\u0008\u009b31m\u202e\u2066\u2028\u200f\ufeff";
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

const layers: readonly (readonly TarEntry[])[] = [
  ...wholeLayers,
  [
    { path: `srv/node_modules/${evil}/package.json`, body: JSON.stringify({ name: `x${evil}`, version: "1.0.0" }) },
    {
      path: `srv/node_modules/lodash/package.json`,
      body: `{"name":"lodash","version":"4.17.15","license":"MIT${JSON.stringify(evil).slice(1, -1)}"}`,
    },
    { path: `opt/${evil}.jar`, body: "no zip at all, but long enough to be looked at" },
    { path: `../${evil}`, body: "x" },
    { path: "usr/lib/python3/evil.dist-info/METADATA", body: `Name: evil\nVersion: 1.0\nLicense: ${evil}\n` },
    { path: "usr/lib/python3/worse.dist-info/METADATA", body: `Name: worse${evil}\nVersion: 1\n` },
    { path: "etc/os-release", body: `ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine ${evil}"\n` },
  ],
];
const image = imageOf(layers, {
  createdBy: ["", "", `RUN ${evil}`],
  config: { Labels: { maintainer: evil, [evil]: "x" }, Env: [`A=${evil}`], User: evil, Cmd: [evil] },
});

let stage: Stage;
let archive: string;
beforeAll(async () => {
  stage = await openStage();
  archive = stage.save(
    `image-${evil.replaceAll("\u0000", "")}.tar`,
    dockerArchiveOf([{ ...image, tags: [`shop/${evil}:1`] }]),
  );
});
afterAll(() => stage?.close());

/** What a terminal may be shown: lines and tabs apart, no control and no bidi characters. */
function expectHarmless(text: string): void {
  expect(raw.exec(text.replaceAll(/[\n\t]/g, ""))).toBeNull();
}

describe.concurrent("control, escape and bidi characters in names, paths, labels and tags", () => {
  it.each([
    ["the text report", ["scan"], []],
    ["the text report by layer", ["scan"], ["--separate-by-layer"]],
    ["the JSON report", ["scan"], ["--output", "json"]],
    ["the older JSON report", ["scan"], ["--output", "json", "--output-schema", "v1beta1"]],
    ["a log on stderr", ["scan"], ["--console-log", "--loglevel", "debug"]],
  ])("reach neither stdout nor stderr in %s", async (...[, command, more]) => {
    const child = await stage.run([...command, archive, "-d", stage.db, "-n", ...more]);
    expect([1, 3], child.stderr).toContain(child.code);
    expect(child.stdout).toContain("lodash");
    expectHarmless(child.stdout);
    expectHarmless(child.stderr);
    expect(strayFiles(child)).toEqual([]);
  });

  it.each(["cyclonedx-json", "plimsoll-json"])("reach stdout escaped only, as %s", async (format) => {
    const child = await stage.run(["sbom", archive, "--output", format]);
    expect([0, 3], child.stderr).toContain(child.code);
    expectHarmless(child.stdout);
    expectHarmless(child.stderr);
    expect(() => JSON.parse(child.stdout)).not.toThrow();
  });

  it("are kept in JSON, escaped", async () => {
    const child = await stage.run(["scan", archive, "-d", stage.db, "-n", "--output", "json"]);
    const { result } = JSON.parse(child.stdout) as {
      result: { metadata: { pullString: string }; problems: { path?: string }[] };
    };
    expect(result.metadata.pullString).toContain(evil);
    expect(result.problems.some(({ path }) => path?.includes("\u001b[2J") === true)).toBe(true);
  });

  it("do not forge a line of the log", async () => {
    const log = join(stage.folder, "forged.log");
    await stage.run(["scan", archive, "-d", stage.db, "-n", "--logfile", log, "--loglevel", "debug"]);
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warn) /);
    expectHarmless(lines.join("\n"));
  });

  it("explain shows them harmlessly", async () => {
    const child = await stage.run(["explain", "CVE-2021-23337", archive, "-d", stage.db, "-n"]);
    expect(child.stdout).toContain("lodash");
    expectHarmless(child.stdout + child.stderr);
  });

  it.each([
    ["a reference", [`pull://shop/${evil}:1`]],
    ["a path", [`file:///nowhere/${evil}.tar`]],
    ["a flag", [`--${evil}`, "x"]],
    ["a flag's value", ["x", "--output", evil]],
    ["a policy", ["x", "--policy", evil]],
    ["two sources", [evil, evil]],
    ["a database", ["x", "-n", "-d", `/nowhere/${evil}`]],
    ["a platform", ["pull://127.0.0.1:1/x", "--platform", evil]],
    ["a vulnerability to explain", ["explain", evil, "/nowhere"]],
  ])("in %s are shown harmlessly", async (...[, args]) => {
    const child = await stage.run(args);
    expect([2, 3]).toContain(child.code);
    expectHarmless(child.stdout + child.stderr);
    expect(child.stderr).toMatch(/^plimsoll: [^\n]+ \[[A-Z0-9_]+\]\n {2}next: [^\n]+\n$/);
  });

  it("in what a registry answers are shown harmlessly", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("shop/web", "1", image);
    registry.addFault({ match: /manifests/, kind: "status", status: 500, headers: { "x-evil": "\u009b31m" } });
    const child = await stage.run(["scan", `pull://${reference}`, "-d", stage.db, "-n"]);
    expectHarmless(child.stdout + child.stderr);
    expect(child.stderr).toContain("[REGISTRY_FAILED]");
  });
});
