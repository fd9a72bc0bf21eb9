import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The licences of the packages that these files of a bundle come from, one after the other: they go where the bundle
 * goes. `inputs` are paths under `root`, as esbuild's metafile names them.
 */
export function licencesOf(inputs: readonly string[], root: string): string {
  const folders = new Set(inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ""));
  folders.delete("");
  return [...folders]
    .sort()
    .map((folder) => licenceOf(join(root, folder)))
    .join("\n\n");
}

/** A package that ships no text is named with the licence it states. */
function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const texts = globSync("{LICENSE,LICENCE,COPYING,NOTICE,license}*", { cwd: folder })
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  const title = `${name} ${version} (${license})`;
  return [title, "-".repeat(title.length), ...texts, ""].join("\n\n");
}
