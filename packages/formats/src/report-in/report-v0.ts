import {
  type Finding,
  type Package,
  type PolicyResult,
  parseDiffId,
  parseSeverity,
  type Report,
  type RuleResult,
  uuidOf,
} from "@plimsoll/model";
import {
  at,
  badReport,
  given,
  isTrueAt,
  listed,
  needed,
  numberAt,
  type Place,
  textAt,
  textIn,
  wordIn,
} from "./document.ts";
import { distroIn, imageIn, momentIn, packageIn, problemsIn, reportOf } from "./shell.ts";

/** JSON v0, the vendor's `v1beta1` (contract 2.5): `result` and `info`. It tells rules, but not what broke them in terms that can be compared. Throws BAD_REPORT. */
export function readReportV0(result: Place, info: Place | undefined): Report {
  const metadata = needed(result, "metadata");
  const distro = distroIn(textAt(metadata, "baseOs"));
  const read = listed(needed(result, "packages")).map((place, index) => {
    const id = uuidOf("report-v0", String(index));
    const layer = parseDiffId(textAt(place, "layerDigest"));
    const found = packageIn(place, id, distro);
    const locations = found.locations.map((location) => ({ ...location, layer }));
    const pkg: Package = { ...found, introducedIn: layer, locations };
    const vulns = at(place, "vulns");
    return { pkg, findings: (vulns === undefined ? [] : listed(vulns)).map((vuln) => findingIn(vuln, id)) };
  });
  return reportOf(
    {
      sbom: {
        schemaVersion: 1,
        source: { kind: "image", transport: "report", name: textAt(metadata, "pullString") },
        image: imageIn(metadata, layersIn(result)),
        distro,
        packages: read.map(({ pkg }) => pkg),
        problems: problemsIn(result),
        catalogers: [],
      },
      stage: "pipeline",
      evaluatedAt: momentIn(info === undefined ? "" : textAt(info, "scanTime"), "info.scanTime"),
      findings: read.flatMap(({ findings }) => findings),
      policies: policiesIn(at(result, "policyEvaluations")),
    },
    result,
  );
}

function layersIn(result: Place) {
  const told = at(result, "layers");
  return (told === undefined ? [] : listed(told)).map((place, index) => ({
    index,
    command: textAt(place, "command"),
    diffId: parseDiffId(textAt(place, "digest")),
    chainId: null,
    digest: null,
    size: Math.max(0, numberAt(place, "size")),
  }));
}

function findingIn(place: Place, packageId: string): Finding {
  const vulnerability = textIn(needed(place, "name"));
  const rated = needed(place, "severity");
  const severity = parseSeverity(textAt(rated, "value"));
  if (severity === null) throw badReport(`${rated.where}.value is not a severity`);
  const fixVersion = textAt(place, "fixedInVersion");
  const annotations = at(place, "annotations");
  const due = annotations === undefined ? "" : textAt(annotations, "cisakev.dueDate");
  return {
    id: uuidOf(vulnerability, packageId),
    vulnerability,
    aliases: [],
    packageId,
    severity: isTrueAt(place, "unrated") ? "unknown" : severity,
    severityProvider: textAt(rated, "sourceName") || null,
    cvss: null,
    cvssProvider: null,
    fixState: fixVersion === "" ? "unknown" : "fixed",
    ...given("fixVersion", fixVersion),
    ...given("fixDate", textAt(place, "solutionDate")),
    disclosed: { date: textAt(place, "disclosureDate"), estimated: false },
    exploit: isTrueAt(place, "exploitable") ? { count: 1, links: [] } : null,
    kev: due === "" ? null : { added: "", due: due.slice(0, 10), ransomware: false },
    epss: null,
    providers: {},
    details: [],
  };
}

function policiesIn(place: Place | undefined): PolicyResult[] {
  return (place === undefined ? [] : listed(place)).map((policy): PolicyResult => {
    const bundles = at(policy, "bundles");
    const read = (bundles === undefined ? [] : listed(bundles)).map((bundle) => {
      const rules = at(bundle, "rules");
      const results = (rules === undefined ? [] : listed(rules)).map(ruleIn);
      const named = { identifier: textAt(bundle, "identifier"), name: textAt(bundle, "name"), type: "custom" as const };
      return { bundle: { ...named, rules: results.map(({ rule }) => rule) }, rules: results };
    });
    return {
      policy: {
        identifier: textAt(policy, "identifier"),
        name: textAt(policy, "name"),
        description: "",
        bundles: read.map(({ bundle }) => bundle),
        stages: [],
        createdAt: "",
        updatedAt: "",
      },
      status: wordIn(needed(policy, "evaluationResult"), ["passed", "failed"]),
      bundles: read,
    };
  });
}

function ruleIn(place: Place): RuleResult {
  const id = at(place, "ruleId")?.value;
  return {
    rule: { id: id === undefined ? "" : String(id), ruleType: textAt(place, "ruleType"), predicates: [] },
    description: textAt(place, "description"),
    failureType: textAt(place, "failureType") === "imageConfigFailure" ? "imageConfigFailure" : "pkgVulnFailure",
    status: wordIn(needed(place, "evaluationResult"), ["passed", "failed", "accepted", "notApplicable"]),
    violations: [],
  };
}
