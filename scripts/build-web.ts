import { existsSync } from "node:fs";
import { join } from "node:path";

/** The pages under `dist/web/`. Does nothing in a house without them. */
export async function buildWeb(root: string): Promise<void> {
  const folder = join(root, "apps", "web");
  // The launcher's test builds a smaller house.
  if (!existsSync(join(folder, "index.html"))) return;
  const [{ build }, { default: react }] = await Promise.all([import("vite"), import("@vitejs/plugin-react")]);
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    base: "./",
    plugins: [react()],
    build: {
      outDir: join(root, "dist", "web"),
      emptyOutDir: true,
      target: "es2023",
      // No inline styles, scripts or pictures: the pages' policy allows none.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
}
