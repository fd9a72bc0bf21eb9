/** Where a package.json lies. */
export interface ModulePlace {
  /** Name of the module's folder, with scope. */
  readonly folder: string;
  /** Directly in that folder (the module itself), or deeper (a copy shipped inside it, or a mere setting for Node). */
  readonly isModule: boolean;
  /** Outside node_modules: the last two folders, which must name the release (`yarn-v1.22.22`, `pnpm/9.1.0`). */
  readonly unpackedIn?: string;
}

const ending = "/package.json";

/** Where a path lies; `null` when it is no package.json of an installed module (test fixtures of modules are none). */
export function placeOf(path: string): ModulePlace | null {
  if (!path.endsWith(ending)) return null;
  const start = modulesStart(path);
  if (start === -1) return unpackedPlace(path);
  const [first = "", ...rest] = path.slice(start, -ending.length).split("/");
  const isScoped = first.startsWith("@");
  const inside = isScoped ? rest.slice(1) : rest;
  if (first === "" || (isScoped && rest.length === 0) || inside.some((folder) => fixtureFolders.has(folder)))
    return null;
  return { folder: isScoped ? `${first}/${rest[0] ?? ""}` : first, isModule: inside.length === 0 };
}

/**
 * A release unpacked by itself, as images ship yarn and pnpm, or a scoped module in a folder of extensions. Elsewhere a
 * package.json is an application's own: its name says nothing about what was installed.
 */
function unpackedPlace(path: string): ModulePlace | null {
  const folders = path.slice(0, -ending.length).split("/");
  const [last = "", parent = ""] = folders.toReversed();
  const isNamed = /\d\.\d+\.\d/.test(last) || parent.startsWith("@");
  if (!isNamed || folders.some((folder) => fixtureFolders.has(folder))) return null;
  return { folder: last, isModule: false, unpackedIn: `${parent}/${last}` };
}

/** Index of the module's folder: after the last node_modules, or after Debian's folder of packaged modules. */
function modulesStart(path: string): number {
  const nested = path.lastIndexOf("/node_modules/");
  if (nested !== -1) return nested + "/node_modules/".length;
  if (path.startsWith("node_modules/")) return "node_modules/".length;
  return path.startsWith("usr/share/nodejs/") ? "usr/share/nodejs/".length : -1;
}

const fixtureFolders: ReadonlySet<string> = new Set([
  "test",
  "tests",
  "__tests__",
  "spec",
  "fixture",
  "fixtures",
  "__fixtures__",
  "testdata",
  "mock",
  "mocks",
  "__mocks__",
  "example",
  "examples",
  "sample",
  "samples",
  "demo",
  "demos",
  "template",
  "templates",
  "bench",
  "benchmark",
  "benchmarks",
]);
