/**
 * A small made-up estate: images that share layers, and what is known of their packages. It knows nothing of the store:
 * what the store answers is compared with what this counts one by one.
 */
import {
  chainIdsOf,
  type DiffId,
  digestOf,
  type Finding,
  imageIdOf,
  isPresent,
  type Layer,
  type Package,
  type Report,
  type Sbom,
  type Severity,
} from "@plimsoll/model";

/** What one layer does: packages `name@version` that come and go. */
export interface LayerRecipe {
  readonly adds: readonly string[];
  readonly removes: readonly string[];
}

export interface KnownFlaw {
  readonly vulnerability: string;
  readonly severity: Severity;
  readonly fixable: boolean;
  readonly exploited: boolean;
}

/** `name@version` → its flaws. */
export type Known = ReadonlyMap<string, readonly KnownFlaw[]>;

/** The SBOM of an image made by these layers; a layer is the same layer wherever its recipe is the same. */
export function sbomOf(recipes: readonly LayerRecipe[]): Sbom {
  const diffIds = recipes.map((recipe, index) => digestOf(JSON.stringify([recipe, index])) as string as DiffId);
  const packages = packagesOf(recipes, diffIds);
  const chain = chainIdsOf(diffIds);
  const layers = diffIds.map(
    (diffId, index): Layer => ({
      index,
      command: `RUN ${index}`,
      diffId,
      chainId: chain[index] ?? null,
      digest: null,
      size: 1,
    }),
  );
  const config = { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" };
  return {
    schemaVersion: 1,
    source: { kind: "image", transport: "registry", name: "made-up" },
    image: {
      imageId: imageIdOf(digestOf(chain.join())),
      digest: null,
      os: "linux",
      architecture: "amd64",
      author: "",
      created: null,
      size: diffIds.length,
      config,
      layers,
    },
    distro: null,
    packages,
    problems: [],
    catalogers: [],
  };
}

function packagesOf(recipes: readonly LayerRecipe[], diffIds: readonly DiffId[]): Package[] {
  const packages: Package[] = [];
  recipes.forEach(({ adds, removes }, index) => {
    const layer = diffIds[index];
    if (layer === undefined) return;
    for (const gone of removes) {
      const at = packages.findIndex(({ name, version, removedIn }) => `${name}@${version}` === gone && !removedIn);
      const found = packages[at];
      if (found !== undefined) packages[at] = { ...found, removedIn: layer };
    }
    for (const added of adds) packages.push(packageOf(added, layer, packages.length));
  });
  return packages;
}

function packageOf(text: string, introducedIn: DiffId, place: number): Package {
  const [name = "", version = ""] = text.split("@");
  return {
    id: `package ${place}`,
    purl: `pkg:npm/${text}`,
    ecosystem: "npm",
    name,
    version,
    kind: "installed",
    locations: [],
    introducedIn,
    foundBy: "made-up",
  };
}

/** What is known of an SBOM, removed packages included. */
export function findingsOf({ packages }: Sbom, known: Known): Finding[] {
  return packages.flatMap(({ id, name, version }) =>
    (known.get(`${name}@${version}`) ?? []).map((flaw) => findingOf(flaw, id)),
  );
}

export const noCounters = {
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
  negligible: 0,
  unknown: 0,
  exploitable: 0,
  fixable: 0,
};

/** What is counted of an image: findings in packages that are there, and that `counts` takes. */
export function countersOf(sbom: Sbom, known: Known, counts = (_: Package): boolean => true): typeof noCounters {
  const counted = new Set(sbom.packages.filter((pkg) => isPresent(pkg) && counts(pkg)).map(({ id }) => id));
  const findings = findingsOf(sbom, known).filter(({ packageId }) => counted.has(packageId));
  const rated = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    critical: rated("critical"),
    high: rated("high"),
    medium: rated("medium"),
    low: rated("low"),
    negligible: rated("negligible"),
    unknown: rated("unknown"),
    exploitable: findings.filter(({ exploit }) => exploit !== null).length,
    fixable: findings.filter(({ fixState }) => fixState === "fixed").length,
  };
}

/** A revision that knows something else; what it knows anew is of the packages named here or there. */
export function revisionOf(before: Known, known: Known, builtAt: string) {
  const names = new Set([...before.keys(), ...known.keys()].map((text) => text.split("@")[0] ?? ""));
  const changed = [...names].map((name) => ({ ecosystem: "npm", name }));
  return { revision: "r", builtAt, changed, findingsOf: (sbom: Sbom) => findingsOf(sbom, known) };
}

function findingOf({ vulnerability, severity, fixable, exploited }: KnownFlaw, packageId: string): Finding {
  return {
    id: `${vulnerability} ${packageId}`,
    vulnerability,
    aliases: [],
    packageId,
    severity,
    severityProvider: null,
    cvss: null,
    cvssProvider: null,
    fixState: fixable ? "fixed" : "not-fixed",
    ...(fixable && { fixVersion: "9" }),
    disclosed: { date: "2026-01-01", estimated: false },
    exploit: exploited ? { count: 1, links: [] } : null,
    kev: null,
    epss: null,
    providers: {},
    details: [],
  };
}

export function reportOf(sbom: Sbom, known: Known, evaluatedAt: string): Report {
  return {
    sbom,
    stage: "pipeline",
    evaluatedAt,
    findings: findingsOf(sbom, known),
    suggestedFixes: [],
    policies: [],
    verdict: { status: "passed", complete: true, validUntil: null },
    knowledge: {
      revision: "1",
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
