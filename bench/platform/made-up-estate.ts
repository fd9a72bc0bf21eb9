/**
 * SBOMs as an estate has them: few bases under many applications, packages drawn by a Zipf-like law, upgrades and
 * removals in layers above. The same seed gives the same estate.
 */
import {
  chainIdsOf,
  type DiffId,
  digestOf,
  type Finding,
  imageIdOf,
  type Package,
  type Report,
  type Sbom,
  type Severity,
} from "@plimsoll/model";

/** How large an estate is. */
export interface Shape {
  readonly bases: number;
  /** Names that applications draw from. */
  readonly names: number;
  readonly packagesOfBase: number;
  readonly packagesOfApplication: number;
  /** Share of an application's packages that nobody else has. */
  readonly own: number;
}

const usual: Shape = {
  bases: 40,
  names: 8_000,
  packagesOfBase: 120,
  packagesOfApplication: 180,
  own: 0.03,
};

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A place in a list of `length`: the first ones much more often than the last. */
export function zipf(draw: () => number, length: number): number {
  return Math.min(length - 1, Math.floor(length ** draw()) - 1);
}

/** The SBOM of application `n`, in three layers: a base, what it installs, what it changes. */
export function applicationSbom(n: number, shape: Shape = usual): Sbom {
  const draw = drawing(n + 1);
  const base = zipf(draw, shape.bases);
  const top = Math.floor(draw() * 1e9);
  const diffIds = [`base ${base}`, `application ${top}`, `change ${top}`].map(
    (text) => digestOf(text) as string as DiffId,
  );
  const packages: Package[] = [];
  const add = (name: string, version: string, layer: number): void => {
    packages.push(packageOf({ name, version, id: `${n} ${packages.length}`, introducedIn: diffIds[layer] ?? null }));
  };
  for (let at = 0; at < shape.packagesOfBase; at++) add(`base-${base}-${at}`, `1.${base % 7}.${at % 5}`, 0);
  for (let at = 0; at < shape.packagesOfApplication; at++) {
    const isOwn = draw() < shape.own;
    const name = isOwn ? `own-${n}-${at}` : `lib-${zipf(draw, shape.names)}`;
    add(name, isOwn ? "1.0.0" : `${zipf(draw, 3) + 1}.${zipf(draw, 4)}.0`, 1);
  }
  // The top layer upgrades a few packages of its base.
  for (let at = 0; at < 5; at++) {
    const old = packages[Math.floor(draw() * shape.packagesOfBase)];
    if (old === undefined || old.removedIn !== undefined) continue;
    packages[packages.indexOf(old)] = { ...old, removedIn: diffIds[2] as DiffId };
    add(old.name, "2.0.0", 2);
  }
  return sbomOf(n, diffIds, packages);
}

function packageOf(facts: Pick<Package, "name" | "version" | "id" | "introducedIn">): Package {
  return {
    ecosystem: "npm",
    kind: "installed",
    purl: `pkg:npm/${facts.name}@${facts.version}`,
    locations: [{ path: `app/node_modules/${facts.name}/package.json`, layer: facts.introducedIn }],
    foundBy: "npm-package",
    ...facts,
  };
}

export function sbomOf(n: number, diffIds: readonly DiffId[], packages: readonly Package[]): Sbom {
  const chain = chainIdsOf(diffIds);
  const config = { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" };
  return {
    schemaVersion: 1,
    source: { kind: "image", transport: "registry", name: `estate/app-${n}:1` },
    image: {
      imageId: imageIdOf(digestOf(`${n} ${chain.join()}`)),
      digest: null,
      os: "linux",
      architecture: "amd64",
      author: "",
      created: null,
      size: 3,
      config,
      layers: diffIds.map((diffId, index) => ({
        index,
        command: `RUN ${index}`,
        diffId,
        chainId: chain[index] ?? null,
        digest: null,
        size: 1,
      })),
    },
    distro: null,
    packages,
    problems: [],
    catalogers: [],
  };
}

const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

/** What revision `revision` knows: one name in eight has a flaw; each revision some other ones. */
export function findingsIn({ packages }: Sbom, revision: number): Finding[] {
  return packages.flatMap((pkg) => {
    const hash = Number.parseInt(digestOf(`${pkg.name} ${changes(pkg.name, revision)}`).slice(7, 15), 16);
    return hash % 8 === 0 ? [findingOf(pkg, hash)] : [];
  });
}

/** Names whose records differ between the two revisions. */
export function changedNames(count: number): { readonly ecosystem: string; readonly name: string }[] {
  return Array.from({ length: count }, (_, at) => ({ ecosystem: "npm", name: `lib-${at * 3}` }));
}

const changedSet = new Set(changedNames(300).map(({ name }) => name));

function changes(name: string, revision: number): number {
  return changedSet.has(name) ? revision : 0;
}

function findingOf(pkg: Package, hash: number): Finding {
  return {
    id: `${pkg.id} ${hash}`,
    vulnerability: `CVE-2026-${hash % 100_000}`,
    aliases: [],
    packageId: pkg.id,
    severity: severities[hash % 4] ?? "low",
    severityProvider: "nvd",
    cvss: null,
    cvssProvider: null,
    fixState: hash % 3 === 0 ? "fixed" : "not-fixed",
    ...(hash % 3 === 0 && { fixVersion: "9.9.9" }),
    disclosed: { date: "2026-01-01", estimated: false },
    exploit: hash % 50 === 0 ? { count: 1, links: [] } : null,
    kev: null,
    epss: null,
    providers: {},
    details: [],
  };
}

/** What was judged when, and with which revision. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly revision: number;
  /** RFC 3339. */
  readonly evaluatedAt: string;
}

export function reportOf(sbom: Sbom, { findings, revision, evaluatedAt }: Judged): Report {
  return {
    sbom,
    stage: "registry",
    evaluatedAt,
    findings,
    suggestedFixes: [],
    policies: [],
    verdict: { status: "passed", complete: true, validUntil: null },
    knowledge: {
      revision: String(revision),
      builtAt: evaluatedAt,
      starter: false,
      feeds: [],
      oldest: null,
      packagesJudged: sbom.packages.length,
      packagesNotJudged: 0,
      findingsUnrated: 0,
    },
    problems: [],
  };
}
