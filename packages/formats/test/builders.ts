import {
  chainIdsOf,
  type DiffId,
  digestOf,
  type EcosystemId,
  type Finding,
  formatPurl,
  type ImageInfo,
  imageIdOf,
  type Layer,
  type Package,
  type PolicyResult,
  parseDiffId,
  type Report,
  type RuleResult,
  type Sbom,
  uuidOf,
  type Violation,
} from "@plimsoll/model";
import type { TextOptions, WriteOptions } from "../src/format.ts";

/** The same words give the same diffID. */
function diffIdOf(words: string): DiffId {
  const parsed = parseDiffId(digestOf(words));
  if (parsed === null) throw new TypeError("a digest is a diffID");
  return parsed;
}

/** A history row that holds files unless `size` is null. */
export interface HistoryRow {
  readonly command: string;
  readonly size: number | null;
}

export function layersOf(rows: readonly HistoryRow[]): Layer[] {
  const diffIds = rows.map(({ command, size }, index) => (size === null ? null : diffIdOf(`${index} ${command}`)));
  const chain = chainIdsOf(diffIds.filter((diffId) => diffId !== null));
  let filled = 0;
  return rows.map(({ command, size }, index) => {
    const diffId = diffIds[index] ?? null;
    const chainId = diffId === null ? null : (chain[filled++] ?? null);
    return { index, command, diffId, chainId, digest: null, size };
  });
}

export function imageOf(rows: readonly HistoryRow[], overrides: Partial<ImageInfo> = {}): ImageInfo {
  const layers = layersOf(rows);
  return {
    imageId: imageIdOf(digestOf(JSON.stringify(rows))),
    digest: digestOf("manifest"),
    os: "linux",
    architecture: "amd64",
    author: "",
    created: "2024-05-03T19:31:05.123456789Z",
    size: layers.reduce((sum, { size }) => sum + (size ?? 0), 0),
    config: { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "/" },
    layers,
    ...overrides,
  };
}

/** A package at `path`, in the layer of that diffID. */
export function packageOf(
  ecosystem: EcosystemId,
  [name, version]: readonly [name: string, version: string],
  overrides: Partial<Package> & { readonly path?: string } = {},
): Package {
  const { path = defaultPaths[ecosystem] ?? `app/${name}`, ...rest } = overrides;
  const introducedIn = rest.introducedIn ?? null;
  return {
    id: uuidOf(ecosystem, name, version, path, rest.removedIn ?? ""),
    purl: formatPurl({ type: ecosystem, name, version }),
    ecosystem,
    name,
    version,
    kind: "installed",
    locations: [{ path, layer: introducedIn }],
    introducedIn,
    foundBy: "test-cataloger",
    ...rest,
  };
}

const defaultPaths: Partial<Record<EcosystemId, string>> = {
  deb: "var/lib/dpkg/status",
  apk: "lib/apk/db/installed",
  rpm: "var/lib/rpm/rpmdb.sqlite",
};

export function findingOf(pkg: Package, vulnerability: string, overrides: Partial<Finding> = {}): Finding {
  return {
    id: uuidOf(vulnerability, pkg.id),
    vulnerability,
    aliases: [],
    packageId: pkg.id,
    severity: "high",
    severityProvider: "nvd",
    cvss: { version: "3.1", score: 7.5, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" },
    cvssProvider: "nvd",
    fixState: "not-fixed",
    disclosed: { date: "2024-01-15", estimated: false },
    exploit: null,
    kev: null,
    epss: null,
    providers: { nvd: { severity: "high", published: "2024-01-15T10:15:00.123Z" } },
    details: [],
    ...overrides,
  };
}

export function ruleOf(id: string, violations: readonly Violation[], overrides: Partial<RuleResult> = {}): RuleResult {
  return {
    rule: {
      id,
      ruleType: "vulnSeverityAndThreats",
      predicates: [
        { type: "vulnSeverity", extra: { level: "critical" } },
        { type: "vulnIsFixable", extra: {} },
      ],
    },
    description: "Severity greater than or equal critical AND Fixable",
    failureType: "pkgVulnFailure",
    status: violations.length > 0 ? "failed" : "passed",
    violations,
    ...overrides,
  };
}

export function policyOf(rules: readonly RuleResult[], name = "Plimsoll Default"): PolicyResult {
  const failed = rules.some(({ status }) => status === "failed");
  const bundle = {
    identifier: "severe_vulnerabilities_with_a_fix",
    name: "Severe vulnerabilities with a Fix",
    type: "predefined" as const,
    rules: rules.map(({ rule }) => rule),
  };
  return {
    policy: {
      identifier: name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
      name,
      description: "",
      bundles: [bundle],
      stages: ["pipeline"],
      createdAt: "2026-01-01T00:00:00Z",
      updatedAt: "2026-01-01T00:00:00Z",
    },
    status: failed ? "failed" : "passed",
    bundles: [{ bundle, rules }],
  };
}

export function sbomOf(overrides: Partial<Sbom>): Sbom {
  return {
    schemaVersion: 1,
    source: { kind: "image", transport: "registry", name: "registry.example/app:1.0" },
    image: null,
    distro: { id: "debian", idLike: [], versionId: "12.5", codename: "bookworm", prettyName: "Debian GNU/Linux 12" },
    packages: [],
    problems: [],
    catalogers: [{ name: "test-cataloger", version: 1 }],
    ...overrides,
  };
}

export function reportOf(sbom: Sbom, overrides: Partial<Report> = {}): Report {
  const policies = overrides.policies ?? [policyOf([ruleOf("1", [])])];
  const failed = policies.some(({ status }) => status === "failed");
  return {
    sbom,
    stage: "pipeline",
    evaluatedAt: "2026-01-02T03:04:05.000Z",
    findings: [],
    suggestedFixes: [],
    policies,
    verdict: { status: failed ? "failed" : "passed", complete: true, validUntil: null },
    knowledge: {
      revision: "7",
      builtAt: "2026-01-02T00:00:00.000Z",
      starter: false,
      feeds: [
        { id: "debian-tracker", title: "Debian security tracker", date: "2026-01-01", records: 34011 },
        { id: "nvd", title: "NVD", date: "2025-12-31", records: 270111 },
      ],
      oldest: "2025-12-31",
      packagesJudged: sbom.packages.length,
      packagesNotJudged: 0,
      findingsUnrated: 0,
    },
    problems: sbom.problems,
    ...overrides,
  };
}

export const plainText80: TextOptions = {
  columns: 80,
  colors: false,
  everyFinding: false,
  everyRule: false,
  groupBy: "nothing",
  reference: false,
};

/** Options of a writer; everything fixed. */
export function writeOptions(overrides: Partial<WriteOptions> = {}): WriteOptions {
  return {
    scanner: { name: "plimsoll", version: "0.1.0" },
    scanTime: "2026-01-02T03:04:05.000Z",
    scanDurationMs: 1500,
    text: plainText80,
    ...overrides,
  };
}
