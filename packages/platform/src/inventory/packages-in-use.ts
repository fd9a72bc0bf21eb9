import { ecosystemOf, isPresent, type Package, type PurlParts, parsePurl } from "@plimsoll/model";
import type { LoadedPackages } from "./loaded-packages.ts";

/**
 * Ids of the packages that were seen loaded. Only what is named exactly counts: a package URL with its version (and with
 * those qualifiers that it gives), name and full version, or a file that is the package's own evidence: a jar, a program,
 * anything below an npm package's folder. The databases of OS packages and lock files are read by package managers, and
 * say nothing. Removed packages are in use by nobody.
 */
export function packagesInUse(packages: readonly Package[], loaded: LoadedPackages): ReadonlySet<string> {
  const present = packages.filter(isPresent);
  const byPurl = Map.groupBy(
    loaded.purls.map(parsePurl).filter((parts) => parts !== null),
    purlKey,
  );
  const byName = Map.groupBy(loaded.names, ({ name, version }) => `${name}\n${version}`);
  const byPath = ownersOf(present);
  const used = new Set<string>();
  for (const pkg of present) if (isNamed(pkg, byName) || hasPurl(pkg, byPurl)) used.add(pkg.id);
  for (const path of loaded.paths) for (const id of byPath(plainPath(path))) used.add(id);
  return used;
}

function isNamed(pkg: Package, byName: ReadonlyMap<string, LoadedPackages["names"]>): boolean {
  const said = byName.get(`${pkg.name}\n${pkg.version}`) ?? [];
  return said.some(({ type }) => type === undefined || type === pkg.ecosystem || type === purlType(pkg));
}

function purlType({ ecosystem }: Package): string {
  return ecosystemOf(ecosystem).purlType;
}

function purlKey({ type, namespace = "", name, version = "" }: PurlParts): string {
  return [type, ...(type === "pypi" ? ["", pypiName(name)] : [namespace, name]), version].join("\n");
}

/** PEP 503. */
function pypiName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

function hasPurl(pkg: Package, byPurl: ReadonlyMap<string, readonly PurlParts[]>): boolean {
  if (byPurl.size === 0) return false;
  const own = parsePurl(pkg.purl);
  if (own === null || own.version === undefined) return false;
  const said = byPurl.get(purlKey(own)) ?? [];
  return said.some(({ qualifiers = {}, subpath }) => {
    const isOther = ([name, value]: [string, string]) => own.qualifiers?.[name] !== value;
    return !Object.entries(qualifiers).some(isOther) && (subpath ?? own.subpath) === own.subpath;
  });
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, "");
}

/** Looks up whose file a path is. */
function ownersOf(present: readonly Package[]): (path: string) => readonly string[] {
  const files = new Map<string, string[]>();
  const folders = new Map<string, string[]>();
  for (const { id, ecosystem, kind, locations } of present) {
    if (kind === "declared" || ecosystemOf(ecosystem).os) continue;
    for (const { path } of locations) {
      add(files, plainPath(path), id);
      const folder = ecosystem === "npm" ? /^(.*)\/package\.json$/.exec(plainPath(path))?.[1] : undefined;
      if (folder !== undefined) add(folders, folder, id);
    }
  }
  return (path) => files.get(path) ?? nearest(folders, path);
}

function add(map: Map<string, string[]>, key: string, id: string): void {
  const ids = map.get(key);
  if (ids === undefined) map.set(key, [id]);
  else ids.push(id);
}

/** The lowest folder that holds the path; a folder of modules in between belongs to a package that is not known. */
function nearest(folders: ReadonlyMap<string, string[]>, path: string): readonly string[] {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    const folder = path.slice(0, at);
    const ids = folders.get(folder);
    if (ids !== undefined) return ids;
    if (folder.endsWith("/node_modules")) return [];
  }
  return [];
}
