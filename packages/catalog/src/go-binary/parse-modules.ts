import { isWord, linesOf } from "../decode-text.ts";
import { stampedVersion } from "./stamped-version.ts";

/** One module of a binary. */
export interface GoModule {
  readonly path: string;
  /** With `v`, as Go writes it; "" when the build did not know (`(devel)`, a local replacement). */
  readonly version: string;
  readonly isMain: boolean;
}

/** Modules believed in one binary; the largest real ones have about 2,000. */
const mostModules = 50_000;

/**
 * Reads module information (runtime/debug BuildInfo): tab-separated lines, `mod` the main module, `dep` each dependency,
 * `=>` what replaces the one above. A replacement by a folder keeps the module's path; its version is unknown. A main
 * module without a version gets the one its linker flags stamped (`build -ldflags`).
 */
export function parseModules(text: string): GoModule[] {
  const modules = modulesOf(text);
  return modules.map((module) =>
    module.isMain && module.version === "" ? { ...module, version: stampedVersion(text, module.path) } : module,
  );
}

function modulesOf(text: string): GoModule[] {
  const modules: GoModule[] = [];
  for (const line of linesOf(text)) {
    const [kind, path, version] = line.split("\t", 4);
    if (kind === "=>") {
      const replaced = modules.pop();
      if (replaced !== undefined) modules.push(replacement(replaced, path, version));
    } else if ((kind === "mod" || kind === "dep") && isWord(path) && modules.length < mostModules) {
      modules.push({ path, version: released(version), isMain: kind === "mod" });
    }
  }
  return modules;
}

function replacement(replaced: GoModule, path: string | undefined, version: string | undefined): GoModule {
  const isFolder = !isWord(path) || /^(?:\.{0,2}\/|[A-Za-z]:[\\/])/.test(path);
  return isFolder ? { ...replaced, version: "" } : { ...replaced, path, version: released(version) };
}

function released(version: string | undefined): string {
  return isWord(version) && version !== "(devel)" ? version : "";
}
