import { describe, expect, it } from "vitest";
import { chooseCommand } from "./choose-command.ts";
import { commands } from "./commands.ts";
import { exitCodeOf } from "./exit-code.ts";
import { testWorld } from "./testing/test-world.ts";
import { colorsOf, columnsOf } from "./world.ts";

describe("colours", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    [{ TERM: "dumb" }, true, false],
  ])("environment %j, terminal %s: %s", (env, terminal, colors) => {
    const { world } = testWorld(env, terminal);
    expect(colorsOf(world, world.stdout)).toBe(colors);
  });
});

describe("columns", () => {
  it.each([
    [{}, true, 60],
    [{ COLUMNS: "80" }, true, 60],
    [{ COLUMNS: "80" }, false, 80],
    [{ COLUMNS: "wide" }, false, 120],
    [{}, false, 120],
  ])("environment %j, terminal %s: %d", (env, terminal, columns) => {
    const { world } = testWorld(env, terminal);
    expect(columnsOf(world, world.stdout)).toBe(columns);
  });
});

describe("exit codes (decision 2)", () => {
  it.each([
    ["failed", true, false, 1],
    ["failed", false, true, 1],
    ["passed", true, false, 0],
    ["passed", false, false, 3],
    ["passed", false, true, 0],
  ] as const)("%s, complete %s, incomplete allowed %s: %d", (...[status, complete, allowed, code]) => {
    expect(exitCodeOf({ verdict: { status, complete, validUntil: null } }, allowed)).toBe(code);
  });
});

describe("the command", () => {
  it.each([
    [["sbom", "nginx"], false, "sbom", ["nginx"]],
    [["nginx"], false, "scan", ["nginx"]],
    [["scan", "scan"], false, "scan", ["scan"]],
    [["--no-progress", "sbom"], false, "scan", ["--no-progress", "sbom"]],
    [["sbom", "nginx"], true, "scan", ["sbom", "nginx"]],
  ])("%j in reference mode %s is %s", (...[args, reference, name, rest]) => {
    const choice = chooseCommand(commands, args, reference);
    expect([choice.entry.name, choice.args]).toEqual([name, rest]);
  });
});
