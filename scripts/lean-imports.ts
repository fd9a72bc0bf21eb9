import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

const statement = /^import\s+(?!type\b)(\w+|\{[^}]*\})\s+from\s+["']([^"']+)["'];?/gm;

/**
 * Imports as a start pays least for them; what they mean stays the same, because importing a module does nothing here.
 * - A package's face is passed by: each name comes from the file that declares it, or a scan would load every feed.
 * - A built-in module is asked for by `process.getBuiltinModule`: an `import` calls all its getters, so that `node:fs`
 *   alone costs 4 ms and 3 MB for `fs.promises` and the streams and line readers behind it.
 * - What only some scans call waits until it is called: `node:child_process` takes 5 ms, `node:fs/promises`, `node:tty`
 *   and `node:zlib` 1 ms each.
 */
export function leanImports(root: string): Plugin {
  const faces = new Map<string, ReadonlyMap<string, string>>();
  const faceOf = (name: string): ReadonlyMap<string, string> => {
    const known = faces.get(name) ?? declaredIn(join(root, "packages", name, "src", "index.ts"));
    faces.set(name, known);
    return known;
  };
  return {
    name: "lean-imports",
    setup(build) {
      build.onLoad({ filter: /[/\\](?:packages|apps)[/\\].*\.ts$|[/\\]commander[/\\]lib[/\\].*\.js$/ }, ({ path }) => ({
        contents: leanSource(readFileSync(path, "utf8"), faceOf),
        loader: path.endsWith(".ts") ? "ts" : "js",
      }));
    },
  };
}

/** A source with its imports rewritten. `faceOf`: package → exported name → file. */
export function leanSource(source: string, faceOf: (name: string) => ReadonlyMap<string, string>): string {
  return source.replace(statement, (whole, clause: string, from: string) => {
    if (from.startsWith("node:")) return builtinImport(clause, from);
    const face = /^@plimsoll\/([a-z]+)$/.exec(from)?.[1];
    if (face === undefined) return whole;
    const files = faceOf(face);
    const lines = namesIn(clause).map((name) => {
      const file = files.get(name.split(" as ")[0] ?? "");
      if (file === undefined) throw new Error(`${from} exports no ${name}: look at scripts/lean-imports.ts again`);
      return `import { ${name} } from ${JSON.stringify(file)};`;
    });
    return lines.join(" ");
  });
}

const late: ReadonlySet<string> = new Set(["node:child_process", "node:fs/promises", "node:tty", "node:zlib"]);

function builtinImport(clause: string, from: string): string {
  if (late.has(from) && !/\bconstants\b/.test(clause)) return lateImport(clause, from);
  const module = `globalThis.process.getBuiltinModule(${JSON.stringify(from)})`;
  if (!clause.startsWith("{")) return `const ${clause} = ${module};`;
  const names = namesIn(clause).map((name) => name.replace(" as ", ": "));
  return names.length === 0 ? "" : `const { ${names.join(", ")} } = ${module};`;
}

/** Functions only: each asks for its module when it is called. */
function lateImport(clause: string, from: string): string {
  const call = (name: string) => `(...given) => globalThis.process.getBuiltinModule("${from}").${name}(...given)`;
  if (!clause.startsWith("{")) return `const ${clause} = { spawn: ${call("spawn")} };`;
  return namesIn(clause)
    .map((name) => `const ${name} = ${call(name)};`)
    .join(" ");
}

/** `{ a, type B, c as d }` → `a`, `c as d`. */
function namesIn(clause: string): string[] {
  const names = clause.replace(/^\{|\}$/g, "").split(",");
  return names.map((name) => name.trim().replace(/\s+/g, " ")).filter((name) => name !== "" && !/^type /.test(name));
}

/** Values that a file exports, its own and others' → the file that declares each. */
function declaredIn(path: string): Map<string, string> {
  const source = readFileSync(path, "utf8");
  const found = new Map<string, string>();
  for (const [, name = ""] of source.matchAll(/^\s*export (?:async )?(?:const|let|function\*?|class) (\w+)/gm)) {
    found.set(name, path);
  }
  for (const [, clause = "", from = ""] of source.matchAll(/^\s*export (\*|\{[^}]*\}) from "(\.[^"]+)";/gm)) {
    const behind = declaredIn(join(dirname(path), from));
    for (const name of clause === "*" ? behind.keys() : namesIn(clause)) found.set(name, behind.get(name) ?? path);
  }
  return found;
}
