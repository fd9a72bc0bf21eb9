/**
 * SBOMs as scanners send them: 300 packages in four layers, names and versions of a real vulnerability database, so that
 * judging them costs what it costs. Few bases under many applications, both drawn Zipf-like. The same number gives the
 * same SBOM.
 */
import {
  type DiffId,
  type Distro,
  digestOf,
  type EcosystemId,
  formatPurl,
  type Package,
  type Sbom,
} from "@plimsoll/model";
import type { KnowledgeBase } from "@plimsoll/vulndb";
import { drawing, sbomOf, zipf } from "./made-up-estate.ts";

/** A distribution that bases are made of, most used first. */
const systems = [
  { key: "debian:12", os: "deb", versions: 12 },
  { key: "alpine:3.20", os: "apk", versions: 6 },
  { key: "almalinux:9", os: "rpm", versions: 10 },
  { key: "debian:11", os: "deb", versions: 12 },
  { key: "alpine:3.18", os: "apk", versions: 6 },
] as const satisfies readonly { key: string; os: EcosystemId; versions: number }[];

type System = (typeof systems)[number];

const languages = ["npm", "npm", "pypi", "maven", "golang"] as const satisfies readonly EcosystemId[];
type Language = (typeof languages)[number];

const bases = 40;
const middles = 400;
const [packagesOfBase, packagesOfMiddle, packagesInAll] = [90, 50, 300];

interface Name {
  readonly name: string;
  /** Versions that somebody may have, most used first. */
  readonly versions: readonly string[];
}

interface Drawn {
  readonly ecosystem: EcosystemId;
  readonly name: string;
  readonly version: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly distro?: string;
}

/** The images that fifty teams build. */
export class SentSboms {
  readonly #names: ReadonlyMap<string, readonly Name[]>;
  readonly #ownShare: number;

  /** `ownShare`: share of packages in a version that no other image has. */
  constructor(base: KnowledgeBase, ownShare: number) {
    this.#names = namesIn(base);
    this.#ownShare = ownShare;
  }

  sbomOf(n: number): Sbom {
    const draw = drawing(n + 1);
    const middle = zipf(draw, middles);
    const base = zipf(drawing(middle + 7000), bases);
    const system = systems[zipf(drawing(base + 9000), systems.length + 1) % systems.length] ?? systems[0];
    const diffIds = [`base ${base}`, `middle ${middle}`, `application ${n}`, `change ${n}`].map(
      (text) => digestOf(text) as string as DiffId,
    );
    const packages: Package[] = [];
    const add = (drawn: Drawn, layer: number): void => {
      packages.push(packageOf(drawn, `${n} ${packages.length}`, diffIds[layer] ?? null));
    };
    for (const drawn of this.#system(system, drawing(base + 100), packagesOfBase)) add(drawn, 0);
    for (const drawn of this.#system(system, drawing(middle + 5000), packagesOfMiddle)) add(drawn, 1);
    const language = languages[Math.floor(draw() * languages.length)] ?? "npm";
    for (let at = packages.length; at < packagesInAll; at++) add(this.#library(language, draw, `${n}.${at}`), 2);
    // The last layer upgrades three packages of the system.
    for (let at = 0; at < 3; at++) {
      const old = packages[Math.floor(draw() * packagesOfBase)];
      if (old === undefined || old.removedIn !== undefined) continue;
      packages[packages.indexOf(old)] = { ...old, removedIn: diffIds[3] as DiffId };
      const { ecosystem, name, version, source } = old;
      add({ ecosystem, name, version: `${version}.1`, ...(source && { source }), distro: distroOf(system).id }, 3);
    }
    return { ...sbomOf(n, diffIds, packages), distro: distroOf(system) };
  }

  /** Two packages of each source; half of the sources have never had a flaw. */
  *#system({ key, os, versions }: System, draw: () => number, count: number): Generator<Drawn> {
    const names = this.#names.get(key) ?? [];
    for (let at = 0; at < count; at += 2) {
      const place = zipf(draw, names.length);
      const known = draw() < 0.5 ? names[place] : undefined;
      const name = known?.name ?? `quiet-${place}`;
      const version = known?.versions[zipf(draw, known.versions.length)] ?? `1.${zipf(draw, versions)}-1`;
      const distro = distroOf(systems.find((one) => one.key === key) ?? systems[0]).id;
      yield { ecosystem: os, name, version, distro };
      yield { ecosystem: os, name: `${name}-common`, version, source: { name, version }, distro };
    }
  }

  #library(ecosystem: Language, draw: () => number, own: string): Drawn {
    const names = this.#names.get(ecosystem) ?? [];
    const isOwn = draw() < this.#ownShare;
    // As many libraries without a flaw as with one.
    const place = zipf(draw, names.length * 2);
    const known = place % 2 === 0 ? names[place / 2] : undefined;
    const name = known?.name ?? `${prefixes[ecosystem]}quiet-${place}`;
    const versions = known?.versions ?? ["1.0.0", "1.1.0", "2.0.0"];
    return { ecosystem, name, version: isOwn ? `9.${own}` : (versions[zipf(draw, versions.length)] ?? "1.0.0") };
  }
}

const prefixes: Readonly<Record<Language, string>> = {
  npm: "@quiet/",
  pypi: "",
  maven: "org.quiet:",
  golang: "example.org/",
};

function distroOf({ key }: System): Distro {
  const [id = "", versionId = ""] = key.split(":");
  return { id, idLike: [], versionId, prettyName: `${id} ${versionId}` };
}

/** Names of the ecosystems that are drawn from, in an order that is no alphabet's. */
function namesIn(base: KnowledgeBase): Map<string, Name[]> {
  const wanted = new Set<string>([...systems.map(({ key }) => key), ...languages]);
  const found = new Map<string, Name[]>([...wanted].map((key) => [key, []]));
  for (const { ecosystem, name } of base.prints()) {
    const versions = name === "" || !wanted.has(ecosystem) ? [] : versionsOf(base, ecosystem, name);
    if (versions.length > 0) found.get(ecosystem)?.push({ name, versions });
  }
  for (const names of found.values()) names.sort((a, b) => (digestOf(a.name) < digestOf(b.name) ? -1 : 1));
  return found;
}

/** Versions that advisories name, the newest of them first: most who use it have what is nearly fixed. */
function versionsOf(base: KnowledgeBase, ecosystem: string, name: string): string[] {
  const records = base.affected(ecosystem, name);
  const named = records.flatMap(({ affected }) =>
    affected.ranges.flatMap(({ fixed, lastAffected }) => fixed ?? lastAffected ?? []),
  );
  return [...new Set(named)]
    .filter((version) => /^\d/.test(version))
    .toReversed()
    .slice(0, 8);
}

function packageOf({ distro, ...drawn }: Drawn, id: string, introducedIn: DiffId | null): Package {
  const { ecosystem, name, version } = drawn;
  const cut = name.lastIndexOf(ecosystem === "maven" ? ":" : "/");
  const purl = formatPurl({
    type: ecosystem,
    namespace: distro ?? name.slice(0, Math.max(cut, 0)),
    name: name.slice(cut + 1),
    version,
  });
  const uuid = digestOf(id).slice("sha256:".length);
  return {
    id: [uuid.slice(0, 8), uuid.slice(8, 12), uuid.slice(12, 16), uuid.slice(16, 20), uuid.slice(20, 32)].join("-"),
    kind: "installed",
    ...drawn,
    ...(distro !== undefined && { arch: "amd64", vendor: `${distro} developers <${distro}@lists.${distro}.org>` }),
    licenses: ["MIT"],
    purl,
    locations: [
      { path: distro === undefined ? `app/lib/${name}/${id}/manifest` : "var/lib/packages", layer: introducedIn },
    ],
    introducedIn,
    foundBy: distro === undefined ? `${ecosystem}-package` : `${ecosystem}-db`,
  };
}
