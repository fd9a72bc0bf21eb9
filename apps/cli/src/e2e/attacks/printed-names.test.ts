import { join } from "node:path";
import { reportFormats, sbomFormats } from "@plimsoll/formats";
import { dockerArchiveOf, imageOf, repositoryRoot, type TarEntry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage, wholeLayers } from "../bad-input/stage.ts";
import { expectHarmless } from "./harmless.ts";

const program = join(repositoryRoot, "bin", "plimsoll");
/** Clears the screen, changes the title, goes back over the line, turns the reading direction, ends lines where none ends. */
const evil = "\u001b[2J\u001b]0;owned\u0007\r\u0008\u009b31m\u202e\u2066\u2028\u200f\ufeff";
/** What a spreadsheet, a page, a log or a workflow would take as its own. */
const markup = `=cmd|'/c calc'!A0 <script>alert(1)</script> ]]> ::error::x | \`x\` [a](javascript:b) "&#27;`;

const layers: readonly (readonly TarEntry[])[] = [
  ...wholeLayers,
  [
    { path: `srv/node_modules/${evil}/package.json`, body: JSON.stringify({ name: `x${evil}`, version: "1.0.0" }) },
    {
      path: "srv/node_modules/lodash/package.json",
      body: JSON.stringify({ name: "lodash", version: "4.17.15", license: `MIT${evil}${markup}` }),
    },
    { path: `srv/${markup}${evil}/node_modules/lodash/package.json`, body: '{"name":"lodash","version":"4.17.15"}' },
    { path: `opt/${evil}.jar`, body: "no zip at all, but long enough to be looked at" },
    { path: `../${evil}`, body: "x" },
    { path: "usr/lib/python3/evil.dist-info/METADATA", body: `Name: evil\nVersion: 1.0\nLicense: ${evil}${markup}\n` },
    { path: "usr/lib/python3/worse.dist-info/METADATA", body: `Name: worse${evil}\nVersion: 1\n` },
    { path: "etc/os-release", body: `ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine ${evil}"\n` },
  ],
];
const image = imageOf(layers, {
  createdBy: ["", "", `RUN ${evil}${markup}`],
  config: { Labels: { maintainer: evil, [evil]: markup }, Env: [`A=${evil}`], User: evil, Cmd: [evil] },
});

let stage: Stage;
let archive: string;
beforeAll(async () => {
  stage = await openStage();
  archive = stage.save("image.tar", dockerArchiveOf([{ ...image, tags: [`shop/${evil}${markup}:1`] }]));
  expect((await stage.run(["--version"], { program, timeoutMs: 110_000 })).code).toBe(0);
}, 120_000);
afterAll(() => stage?.close());

describe.concurrent("control, escape and bidi characters in every printed name", () => {
  it.each(reportFormats.map(({ name }) => name))("reach no output of a report as %s", async (name) => {
    const format = name === "console" || name === "json-v1" ? [] : ["--output", name];
    const child = await stage.run(["scan", archive, "-d", stage.db, "-n", "--no-cache", ...format], { program });
    expect([1, 3], child.stderr).toContain(child.code);
    expect(child.stdout).toContain("lodash");
    expectHarmless(child.stdout);
    expectHarmless(child.stderr);
    expect(child.filesLeft).toEqual([]);
  });

  it.each(sbomFormats.map(({ name }) => name))("reach no output of an SBOM as %s", async (name) => {
    const child = await stage.run(["sbom", archive, "--no-cache", "--output", name], { program });
    expect([0, 3], child.stderr).toContain(child.code);
    expect(child.stdout).toContain("lodash");
    expectHarmless(child.stdout);
    expectHarmless(child.stderr);
    expect(child.filesLeft).toEqual([]);
  });

  it("start no formula, element or command of the reader's own", async () => {
    const run = async (name: string): Promise<string> =>
      (await stage.run(["scan", archive, "-d", stage.db, "-n", "--no-cache", "--output", name], { program })).stdout;
    expect(await run("csv")).not.toMatch(/(^|,)"?[=+@-]cmd/m);
    expect(await run("html")).not.toContain("<script>alert");
    expect((await run("github")).split("\n").filter((line) => line.startsWith("::error::x"))).toEqual([]);
  });
});
