import { type Affected, distroEcosystem, ecosystemOf, type Package } from "@plimsoll/model";
import type { LookupKey, Matcher } from "../matcher.ts";

/** OS packages: only their distro's advisories, by the source package's name and by the binary's (truth 10). */
export const distroMatcher = {
  name: "distro",
  appliesTo: (pkg) => ecosystemOf(pkg.ecosystem).os,
  ecosystem: (_, distro) => (distro === null ? null : distroEcosystem(distro)),
  keys,
  accepts: (pkg, affected) => isSameArch(pkg, affected) && isSameModule(pkg, affected),
} as const satisfies Matcher;

/** A binary package that names no source is its own source; a source without a version has the binary's. */
function keys(pkg: Package, ecosystem: string): LookupKey[] {
  const source = pkg.source?.name ?? pkg.name;
  const sourceVersion = withEpoch(pkg.source?.version || pkg.version, pkg);
  return [
    { ecosystem, name: pkg.name, version: pkg.version, via: "direct", nameKind: "binary" },
    {
      ecosystem,
      name: source,
      version: sourceVersion,
      via: source === pkg.name ? "direct" : "source",
      nameKind: "source",
    },
  ];
}

/** An rpm names its source by file name, which has no epoch; the source's is that of its binary packages. */
function withEpoch(version: string, pkg: Package): string {
  const epoch = /^\d+:/.exec(pkg.version)?.[0] ?? "";
  return pkg.ecosystem === "rpm" && !version.includes(":") ? epoch + version : version;
}

const anyArch = new Set(["noarch", "all", "any", ""]);

function isSameArch(pkg: Package, affected: Affected): boolean {
  const [theirs, ours] = [affected.arch ?? "", pkg.arch ?? ""];
  return anyArch.has(theirs) || anyArch.has(ours) || theirs === ours;
}

/** Two streams of a module are different lines of versions: what is fixed in nodejs:18 says nothing about nodejs:16. */
function isSameModule(pkg: Package, affected: Affected): boolean {
  const label = moduleOf(pkg);
  if (affected.module !== undefined && label !== null) return streamOf(affected.module) === streamOf(label);
  const fixes = affected.ranges.flatMap(({ fixed }) => fixed ?? []);
  if (affected.module === undefined && fixes.length === 0) return true;
  const modularFix = affected.module !== undefined || fixes.some(isModular);
  return modularFix === (label !== null || isModular(pkg.version));
}

function moduleOf({ qualifiers = {} }: Package): string | null {
  return qualifiers.rpmmod ?? qualifiers.modularitylabel ?? qualifiers.module ?? null;
}

function streamOf(label: string): string {
  return label.split(":").slice(0, 2).join(":");
}

/** Releases of modular builds carry `.module_el8…` or `.module+el8…`. */
function isModular(version: string): boolean {
  return /\.module[_+]/.test(version);
}
