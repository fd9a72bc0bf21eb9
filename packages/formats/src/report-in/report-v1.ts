import {
  type Cvss,
  type DiffId,
  type Finding,
  type Layer,
  type Package,
  type PolicyResult,
  parseDiffId,
  type Report,
  type RuleResult,
  ratedSeverities,
  stages,
  type Violation,
} from "@plimsoll/model";
import {
  at,
  badReport,
  given,
  isTrueAt,
  keyed,
  listed,
  needed,
  numberAt,
  type Place,
  textAt,
  textIn,
  wordIn,
} from "./document.ts";
import { distroIn, imageIn, momentIn, packageIn, problemsIn, reportOf } from "./shell.ts";

/** JSON v1 (contract 2.4): `result` and `info`. Throws BAD_REPORT. */
export function readReportV1(result: Place, info: Place | undefined): Report {
  const metadata = needed(result, "metadata");
  const distro = distroIn(textAt(metadata, "baseOs") || textAt(metadata, "os"));
  const layers = layersIn(result);
  const packages = keyed(needed(result, "packages")).map(([id, place]): Package => {
    const layer = layers.byKey.get(textAt(place, "layerRef")) ?? null;
    const pkg = packageIn(place, id, distro);
    return {
      ...pkg,
      introducedIn: layer,
      locations: pkg.locations.map((location) => ({ ...location, layer })),
      ...(isTrueAt(place, "isRemoved") && { removedIn: layer ?? nowhere }),
    };
  });
  const ids = new Set(packages.map(({ id }) => id));
  const isImage = textAt(result, "assetType") !== "host";
  const source = at(result, "source");
  const producer = at(result, "producer");
  const time = textAt(info ?? producer ?? metadata, info === undefined ? "producedAt" : "scanTime");
  const kind = isImage ? "image" : "host";
  return reportOf(
    {
      sbom: {
        schemaVersion: 1,
        source: {
          kind: source === undefined ? kind : wordIn(needed(source, "kind"), ["image", "host", "directory"]),
          transport: "report",
          name: textAt(metadata, isImage ? "pullString" : "hostName"),
        },
        image: isImage ? imageIn(metadata, layers.rows) : null,
        distro,
        packages,
        problems: problemsIn(result),
        catalogers: [],
      },
      stage: stages.find((stage) => stage === textAt(result, "stage")) ?? "pipeline",
      evaluatedAt: momentIn(time, "info.scanTime"),
      findings: keyed(needed(result, "vulnerabilities")).map(([id, place]) => findingIn(place, id, ids)),
      policies: policiesIn(needed(result, "policies")),
    },
    result,
  );
}

/** Removed packages are not compared; where they went does not matter. */
const nowhere = `sha256:${"0".repeat(64)}` as DiffId;

function layersIn(result: Place): { readonly rows: Layer[]; readonly byKey: ReadonlyMap<string, DiffId | null> } {
  const told = at(result, "layers");
  const rows = (told === undefined ? [] : keyed(told)).map(([key, place]): [string, Layer] => {
    const size = at(place, "size")?.value;
    const layer: Layer = {
      index: numberAt(place, "index"),
      command: textAt(place, "command"),
      diffId: parseDiffId(textAt(place, "digest")),
      chainId: null,
      digest: null,
      size: typeof size === "number" && size >= 0 ? size : null,
    };
    return [key, layer];
  });
  return {
    rows: rows.map(([, layer]) => layer).sort((a, b) => a.index - b.index),
    byKey: new Map(rows.map(([key, { diffId }]) => [key, diffId])),
  };
}

function findingIn(place: Place, id: string, packages: ReadonlySet<string>): Finding {
  const packageId = textIn(needed(place, "packageRef"));
  if (!packages.has(packageId)) throw badReport(`${place.where}.packageRef names no package`);
  const severity = wordIn(needed(place, "severity"), ratedSeverities);
  const fixVersion = textAt(place, "fixVersion");
  const provider = textAt(place, "mainProvider") || null;
  const aliases = at(place, "aliases");
  const cvss = cvssIn(at(place, "cvssScore"));
  return {
    id,
    vulnerability: textIn(needed(place, "name")),
    aliases: aliases === undefined ? [] : listed(aliases).map(textIn),
    packageId,
    severity: isTrueAt(place, "unrated") ? "unknown" : severity,
    severityProvider: provider,
    cvss,
    cvssProvider: cvss === null ? null : provider,
    fixState: fixVersion === "" ? "unknown" : "fixed",
    ...given("fixVersion", fixVersion),
    ...given("fixDate", textAt(place, "solutionDate")),
    disclosed: { date: textAt(place, "disclosureDate"), estimated: isTrueAt(place, "dateEstimated") },
    exploit: isTrueAt(place, "exploitable") ? { count: 1, links: [] } : null,
    kev: kevIn(at(place, "cisaKev")),
    epss: null,
    providers: {},
    details: [],
  };
}

/** Nobody rated it where the score is 0 and the vector empty (decision 6). */
function cvssIn(place: Place | undefined): Cvss | null {
  if (place === undefined) return null;
  const cvss = { version: textAt(place, "version"), score: numberAt(place, "score"), vector: textAt(place, "vector") };
  return cvss.score === 0 && cvss.vector === "" ? null : cvss;
}

function kevIn(place: Place | undefined): Finding["kev"] {
  if (place === undefined) return null;
  const day = (key: string): string => textAt(place, key).slice(0, 10);
  return {
    added: day("publishDate"),
    due: day("dueDate"),
    ransomware: isTrueAt(place, "knownRansomwareCampaignUse"),
  };
}

function policiesIn(policies: Place): PolicyResult[] {
  const evaluations = at(policies, "evaluations");
  return (evaluations === undefined ? [] : listed(evaluations)).map((place): PolicyResult => {
    const bundles = listed(needed(place, "bundles")).map((bundle) => {
      const rules = listed(needed(bundle, "rules")).map(ruleIn);
      const identifier = textAt(bundle, "identifier");
      const type = textAt(bundle, "type") === "custom" ? ("custom" as const) : ("predefined" as const);
      const told = { identifier, name: textAt(bundle, "name"), type, rules: rules.map(({ rule }) => rule) };
      return { bundle: told, rules };
    });
    return {
      policy: {
        identifier: textAt(place, "identifier"),
        name: textAt(place, "name"),
        description: textAt(place, "description"),
        bundles: bundles.map(({ bundle }) => bundle),
        stages: [],
        createdAt: textAt(place, "createdAt"),
        updatedAt: textAt(place, "updatedAt"),
      },
      status: wordIn(needed(place, "evaluation"), ["passed", "failed", "accepted", "noPolicy"]),
      bundles,
    };
  });
}

function ruleIn(place: Place): RuleResult {
  const failures = at(place, "failures");
  const isConfig = textAt(place, "failureType") === "imageConfigFailure";
  return {
    rule: { id: textAt(place, "ruleId"), ruleType: textAt(place, "ruleType"), predicates: [] },
    description: textAt(place, "description"),
    failureType: isConfig ? "imageConfigFailure" : "pkgVulnFailure",
    status: wordIn(needed(place, "evaluationResult"), ["passed", "failed", "accepted", "notApplicable"]),
    violations: (failures === undefined ? [] : listed(failures)).map(violationIn),
  };
}

function violationIn(place: Place): Violation {
  const packageId = textAt(place, "packageRef");
  const findingId = textAt(place, "vulnerabilityRef");
  const description = textAt(place, "description");
  if (findingId !== "") return { kind: "finding", findingId, packageId, description };
  if (packageId !== "") return { kind: "package", packageId, description };
  const words = at(place, "arguments");
  const entries = words === undefined ? [] : keyed(words).map(([key, { value }]) => [key, value] as const);
  return {
    kind: "config",
    remediation: textAt(place, "remediation"),
    arguments: Object.fromEntries(entries),
    description,
  };
}
