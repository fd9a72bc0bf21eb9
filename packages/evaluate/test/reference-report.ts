import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  Bundle,
  Cvss,
  EcosystemId,
  Finding,
  Package,
  ProviderView,
  RuleStatus,
  Sbom,
  Severity,
} from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";

/** What the tests read of a real v1 report of the reference scanner. */
export interface ReferenceVulnerability {
  readonly name: string;
  readonly packageRef: string;
  readonly severity: Severity;
  readonly mainProvider: string;
  readonly cvssScore: Cvss;
  readonly fixVersion?: string;
  readonly providers: Readonly<Record<string, ProviderView>>;
  /** Whether its package is of the operating system, and which one that is. */
  readonly os: boolean;
  readonly distro: string;
}

export interface ReferencePackage {
  readonly id: string;
  readonly suggestedFix?: string;
}

/** A rule as the report evaluated it. */
export interface ReferenceRule {
  readonly bundle: Bundle;
  readonly description: string;
  readonly status: RuleStatus;
  /** `vulnerabilityRef`s, sorted. */
  readonly failures: readonly string[];
  readonly arguments: readonly unknown[];
}

export interface ReferenceReport {
  readonly file: string;
  readonly scannedAt: number;
  readonly sbom: Sbom;
  readonly findings: readonly Finding[];
  readonly packages: readonly ReferencePackage[];
  readonly vulnerabilities: readonly ReferenceVulnerability[];
  readonly rules: readonly ReferenceRule[];
}

const folder = sharedData("reference-results", "v1");

/** Suffix of a test's title that says why it does not run. */
export const skipReason = folder === null ? " (skipped: no ../shared/data/reference-results)" : "";

/** The six real reports; empty where the shared data is absent. */
export function referenceReports(): ReferenceReport[] {
  if (folder === null) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  return files.map((file) => readReport(file, JSON.parse(readFileSync(join(folder, file), "utf8"))));
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON whose shape the tests themselves establish
type Json = any;

function readReport(file: string, json: Json): ReferenceReport {
  const { result, info } = json;
  const distro = String(result.metadata.baseOs).split(" ")[0] ?? "";
  const vulnerabilities: [string, Json][] = Object.entries(result.vulnerabilities);
  return {
    file,
    scannedAt: Date.parse(info.scanTime),
    sbom: readSbom(result, distro),
    findings: vulnerabilities.map(([id, vulnerability]) => readFinding(id, vulnerability)),
    packages: Object.entries<Json>(result.packages).map(([id, pkg]) => ({ id, suggestedFix: pkg.suggestedFix })),
    vulnerabilities: vulnerabilities.map(([, vulnerability]) => ({
      name: vulnerability.name,
      packageRef: vulnerability.packageRef,
      severity: vulnerability.severity,
      mainProvider: vulnerability.mainProvider,
      cvssScore: vulnerability.cvssScore,
      providers: readProviders(vulnerability.providersMetadata),
      os: result.packages[vulnerability.packageRef].type === "os",
      distro,
      ...(vulnerability.fixVersion && { fixVersion: vulnerability.fixVersion }),
    })),
    rules: result.policies.evaluations.flatMap((evaluation: Json) => evaluation.bundles.flatMap(readRules)),
  };
}

function readProviders(metadata: Json): Record<string, ProviderView> {
  return Object.fromEntries(
    Object.entries<Json>(metadata).map(([name, view]) => [
      name,
      { ...(view.severity && { severity: view.severity }), ...(view.cvssScore && { cvss: view.cvssScore }) },
    ]),
  );
}

function readFinding(id: string, json: Json): Finding {
  return {
    id,
    vulnerability: json.name,
    aliases: [],
    packageId: json.packageRef,
    severity: json.severity,
    severityProvider: json.mainProvider,
    cvss: json.cvssScore,
    cvssProvider: null,
    fixState: json.fixVersion ? "fixed" : "unknown",
    ...(json.fixVersion && { fixVersion: json.fixVersion }),
    ...(json.solutionDate && { fixDate: json.solutionDate }),
    disclosed: { date: json.disclosureDate, estimated: false },
    exploit: json.exploit
      ? { count: json.exploit.links.length, links: json.exploit.links, published: json.exploit.publicationDate }
      : null,
    kev: json.cisaKev ? { added: "", due: json.cisaKev.dueDate, ransomware: false } : null,
    epss: null,
    providers: {},
    details: [],
  };
}

const ecosystemOfWire: Readonly<Record<string, EcosystemId>> = {
  java: "maven",
  javascript: "npm",
  python: "pypi",
  golang: "golang",
  ruby: "gem",
  rust: "cargo",
  php: "composer",
  "C#": "nuget",
};
const osEcosystem: Readonly<Record<string, EcosystemId>> = { debian: "deb", ubuntu: "deb", alpine: "apk" };

function readSbom(result: Json, distro: string): Sbom {
  const [id = "", versionId = ""] = String(result.metadata.baseOs).split(" ");
  const layers = Object.values<Json>(result.layers).sort((a, b) => a.index - b.index);
  return {
    schemaVersion: 1,
    source: { kind: "image", transport: "registry", name: result.metadata.pullString },
    image: {
      imageId: result.metadata.imageId,
      digest: result.metadata.digest,
      os: "linux",
      architecture: result.metadata.architecture,
      author: "",
      created: result.metadata.createdAt,
      size: result.metadata.size,
      config: readConfig(layers, result.metadata.labels ?? {}),
      layers: layers.map(({ index, command }) => ({
        index,
        command,
        diffId: null,
        chainId: null,
        digest: null,
        size: null,
      })),
    },
    distro: { id, idLike: [], versionId },
    packages: Object.entries<Json>(result.packages).map(([key, pkg]) => readPackage(key, pkg, distro)),
    problems: [],
    catalogers: [],
  };
}

/** The report has no configuration of the image: USER and ENV are read back from its history. */
function readConfig(layers: readonly Json[], labels: Record<string, string>) {
  const commands = layers.map(({ command }) => String(command).replace(/^\/bin\/sh -c #\(nop\)\s*/, ""));
  const rest = (word: string) => commands.filter((c) => c.startsWith(`${word} `)).map((c) => c.slice(word.length + 1));
  return {
    user: rest("USER").at(-1) ?? "",
    env: rest("ENV"),
    labels,
    entrypoint: [],
    cmd: [],
    exposedPorts: [],
    workingDir: "",
  };
}

function readPackage(id: string, json: Json, distro: string): Package {
  return {
    id,
    ecosystem: json.type === "os" ? (osEcosystem[distro] ?? "deb") : (ecosystemOfWire[json.type] ?? "npm"),
    name: json.name,
    version: json.version,
    kind: "installed",
    purl: "",
    locations: [{ path: json.path, layer: null }],
    introducedIn: null,
    foundBy: "reference",
  };
}

function readRules(bundle: Json): ReferenceRule[] {
  return bundle.rules.map((rule: Json) => ({
    bundle: {
      identifier: bundle.identifier,
      name: bundle.name,
      type: bundle.type,
      rules: [{ id: rule.ruleId, ruleType: rule.ruleType, predicates: rule.predicates }],
    },
    description: rule.description,
    status: rule.evaluationResult,
    failures: (rule.failures ?? []).map((failure: Json) => String(failure.vulnerabilityRef)).sort(),
    arguments: (rule.failures ?? []).map((failure: Json) => failure.arguments),
  }));
}
