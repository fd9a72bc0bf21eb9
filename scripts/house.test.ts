import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const sources = globSync("{packages,apps,scripts,bench}/**/*.{ts,tsx}", {
  cwd: root,
  exclude: ["**/node_modules/**", "**/testdata/**", "**/dist/**"],
}).sort();
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const product = sources.filter((path) => !path.endsWith(".test.ts") && /^(packages|apps)\//.test(path));

describe("the house", () => {
  it("has sources to look at", () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it("has no file over 300 lines, tables of data apart (*-table.ts)", () => {
    const long = sources.filter((path) => !path.endsWith("-table.ts") && read(path).split("\n").length > 301);
    expect(long).toEqual([]);
  });

  it("has no room without a name of its own", () => {
    const nameless = /(^|\/)(utils?|helpers?|common|misc|base|managers?)(\/|\.|-|$)/;
    expect(sources.filter((path) => nameless.test(path))).toEqual([]);
  });

  it("has one face a package: no index.ts inside", () => {
    const inner = sources.filter((path) => basename(path) === "index.ts" && path.split("/").length !== 4);
    expect(inner).toEqual([]);
  });

  it("uses the field's words, not their worst synonyms (docs/glossary.md)", () => {
    const worst = /\b(blobSum|layerId|manifestList|vulnsrc|waiver)\b/i;
    expect(product.filter((path) => worst.test(read(path)))).toEqual([]);
  });

  it("keeps environment, clock and chance out of the packages", () => {
    const ambient = /\bprocess\.env\b|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/;
    const packages = product.filter((path) => path.startsWith("packages/") && !path.startsWith("packages/testkit/"));
    expect(packages.filter((path) => ambient.test(read(path)))).toEqual([]);
  });

  it("leaves no unfinished mark and no test that runs alone", () => {
    const marks = new RegExp(
      `\\b(${["TO", "DO"].join("")}|${["FIX", "ME"].join("")})\\b|\\b(it|test|describe)\\.only\\(`,
    );
    expect(sources.filter((path) => marks.test(read(path)))).toEqual([]);
  });

  it("starts each worker from its own file, in source and in the bundle", () => {
    const workers = product.filter((path) => /-worker\.ts$/.test(path));
    const text = product.map(read).join("\n");
    const unstarted = workers.filter((path) => !text.includes(`"./${basename(path, ".ts")}.mjs"`));
    expect(unstarted, "nobody starts it by the bundle's name").toEqual([]);
  });
});

describe("package-lock.json", () => {
  const locks = ["package-lock.json", "runtime/package-lock.json"];
  type Lock = { packages: Record<string, { resolved?: string; integrity?: string; link?: boolean } & Manifest> };
  type Manifest = { optionalDependencies?: Record<string, string> };
  const packagesOf = (path: string) => Object.entries((JSON.parse(read(path)) as Lock).packages);

  it.each(locks)("%s names no host and pins every content", (path) => {
    const modules = packagesOf(path).filter(([name, { link }]) => name.includes("node_modules/") && !link);
    expect(modules.filter(([, { resolved }]) => resolved?.includes("://"))).toEqual([]);
    expect(modules.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([]);
  });

  it.each(locks)("%s has an entry for every optional platform package", (path) => {
    const entries = packagesOf(path);
    const names = new Set(entries.map(([name]) => name.replace(/^.*node_modules\//, "")));
    const wanted = entries.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });

  it("pins exact versions everywhere", () => {
    const manifests = globSync(["package.json", "runtime/package.json", "{packages,apps}/*/package.json"], {
      cwd: root,
    });
    const loose = manifests.flatMap((path) => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path));
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([name, range]) => !name.startsWith("@plimsoll/") && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(range)))
        .map(([name, range]) => `${path}: ${name} ${range}`);
    });
    expect(loose).toEqual([]);
  });
});
