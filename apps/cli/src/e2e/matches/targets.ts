import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toPurl } from "@plimsoll/catalog";
import { type Distro, type PackageFact, type Sbom, uuidOf } from "@plimsoll/model";

/** Where targets, goldens and labels lie. */
export const testdata: string = join(import.meta.dirname, "testdata");

/** What a target file says: who made the list, and what is installed. */
export interface Target {
  /** File name without its ending: `debian-10`, `npm`. */
  readonly name: string;
  readonly origin: string;
  readonly distro: Distro | null;
  readonly packages: readonly TargetPackage[];
}

/** One installed package, as a cataloger would tell it. */
export type TargetPackage = Pick<
  PackageFact,
  "ecosystem" | "name" | "version" | "arch" | "source" | "role" | "qualifiers"
>;

/** Every target of `testdata/targets`, by name. */
export function readTargets(): Target[] {
  const names = readdirSync(join(testdata, "targets")).sort();
  return names.map((file) => {
    const said = JSON.parse(readFileSync(join(testdata, "targets", file), "utf8")) as Omit<Target, "name">;
    return { name: file.replace(/\.json$/, ""), ...said };
  });
}

/** The SBOM of a list of packages that lie in no image. */
export function sbomOf({ distro, packages }: Pick<Target, "distro" | "packages">): Sbom {
  return {
    schemaVersion: 1,
    source: { kind: "directory", transport: "dir", name: "target" },
    image: null,
    distro,
    packages: packages.map((pkg, place) => ({
      ...pkg,
      kind: "installed",
      id: uuidOf(pkg.ecosystem, pkg.name, pkg.version, String(place)),
      purl: toPurl({ ...pkg, kind: "installed" }, distro),
      locations: [],
      introducedIn: null,
      foundBy: "target",
    })),
    problems: [],
    catalogers: [],
  };
}
