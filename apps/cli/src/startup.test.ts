import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot, runChild } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { commandNames } from "./command-names.ts";
import { commands } from "./commands.ts";
import { version } from "./version.ts";

/** Preloaded into the child: tells on stderr, at the very end, which modules it loaded. */
const tellModules = `
  import { writeSync } from "node:fs";
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  process.on("exit", () => writeSync(2, "MODULES " + JSON.stringify([...loaded, ...process.moduleLoadList]) + "\\n"));
`;
const preload = `data:text/javascript,${encodeURIComponent(tellModules)}`;

async function modulesOf(args: readonly string[]): Promise<string[]> {
  const { stderr } = await runChild({ args, env: { NODE_OPTIONS: `--import=${preload}` } });
  const list = /^MODULES (.*)$/m.exec(stderr)?.[1] ?? "[]";
  return JSON.parse(list) as string[];
}

describe("starting", () => {
  it.each([[["--help"]], [["--version"]]])("%j loads no library at all", async (args) => {
    const modules = await modulesOf(args);
    expect(modules.filter((name) => name.endsWith("/apps/cli/src/run.ts"))).toHaveLength(1);
    expect(modules.filter((name) => /node_modules|packages\//.test(name))).toEqual([]);
    expect(modules.filter((name) => /child_process|sqlite|undici|NativeModule https?$/.test(name))).toEqual([]);
  });

  it.each([[["scan", "--help"]], [["scan"]]])("%j loads neither zod nor SQLite nor what reads images", async (args) => {
    const modules = await modulesOf(args);
    expect(modules.filter((name) => /\/zod\/|sqlite|packages\/(catalog|vulndb|source)\//.test(name))).toEqual([]);
  });
});

describe("the program", () => {
  it("has the version of its package", () => {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "apps/cli/package.json"), "utf8")) as {
      version: string;
    };
    expect(version).toBe(manifest.version);
  });

  it("has a module for every command in its list, under its own name", async () => {
    for (const entry of commands) expect((await entry.load()).name).toBe(entry.name);
    expect([...commands.map(({ name }) => name), "help"]).toEqual(commandNames);
  });
});
