import { ecosystemOf, type Finding, type Package } from "@plimsoll/model";
import { baselineStateOf } from "../against-baseline.ts";
import { type Fingerprint, fingerprints, packageIdentity } from "../fingerprints.ts";
import { packageLocations } from "./locations.ts";
import { packageRuleId } from "./rules.ts";
import { isTold, type SarifOptions } from "./sarif-options.ts";
import type { SarifScene } from "./scene.ts";
import { fixWords, idText, levelOf, messageText, severityWord } from "./words.ts";

/** A result per package and vulnerability, in the order of the findings. */
export function vulnerabilityResults(scene: SarifScene) {
  const ruleIndexes = new Map<string, number>();
  for (const { vulnerability } of scene.findings) {
    if (!ruleIndexes.has(vulnerability)) ruleIndexes.set(vulnerability, ruleIndexes.size);
  }
  const fingerprint = fingerprints();
  return scene.findings.flatMap((finding) => {
    const pkg = scene.index.packages.get(finding.packageId);
    if (pkg === undefined) return [];
    return {
      ruleId: idText(finding.vulnerability),
      ruleIndex: ruleIndexes.get(finding.vulnerability) ?? -1,
      level: levelOf(finding.severity),
      message: { text: vulnerabilityMessage(finding, pkg) },
      locations: packageLocations(pkg, scene),
      partialFingerprints: partialFingerprints(fingerprint([finding.vulnerability, ...packageIdentity(pkg)])),
      ...baselineOf([finding], scene),
      ...suppressionsOf([finding], scene),
      properties: { ...packageProperties(pkg, scene), ...findingProperties(finding) },
    };
  });
}

/** A result per package with findings. */
export function packageResults(scene: SarifScene) {
  const fingerprint = fingerprints();
  return [...Map.groupBy(scene.findings, ({ packageId }) => packageId)].flatMap(([id, findings], ruleIndex) => {
    const pkg = scene.index.packages.get(id);
    const [worst] = findings;
    if (pkg === undefined || worst === undefined) return [];
    const lines = findings.map(
      (finding) =>
        `${messageText(finding.vulnerability)} ${severityWord(finding.severity)}, fixed in: ${messageText(fixWords(finding))}`,
    );
    return {
      ruleId: packageRuleId(pkg),
      ruleIndex,
      level: levelOf(worst.severity),
      message: { text: [messageText(`${pkg.name}@${pkg.version}`, 400), ...lines].join("\n") },
      locations: packageLocations(pkg, scene),
      partialFingerprints: partialFingerprints(fingerprint(packageIdentity(pkg))),
      ...baselineOf(findings, scene),
      ...suppressionsOf(findings, scene),
      properties: packageProperties(pkg, scene),
    };
  });
}

/** A result for everything that the baseline had and that is gone. */
export function absentResults(scene: SarifScene, settings: SarifOptions) {
  const fingerprint = fingerprints();
  const gone = scene.index.report.baseline?.gone ?? [];
  return gone
    .filter(({ finding, package: pkg }) => isTold(finding, pkg, settings))
    .map(({ finding, package: pkg }) => ({
      ruleId: idText(finding.vulnerability),
      level: levelOf(finding.severity),
      message: { text: vulnerabilityMessage(finding, pkg) },
      locations: packageLocations(pkg, scene),
      partialFingerprints: partialFingerprints(fingerprint([finding.vulnerability, ...packageIdentity(pkg)])),
      baselineState: "absent",
      ...(scene.suppresses && { suppressions: [] }),
      properties: { ...packageProperties(pkg, scene), ...findingProperties(finding) },
    }));
}

function vulnerabilityMessage(finding: Finding, pkg: Package): string {
  const head = `Vulnerability ${messageText(finding.vulnerability)} in package ${messageText(pkg.name, 300)}`;
  const facts = `${messageText(pkg.version, 100)}, severity: ${severityWord(finding.severity)}, fixed in: ${messageText(fixWords(finding))}`;
  return `${head} ${facts}`;
}

function partialFingerprints({ hash, count }: Fingerprint): Readonly<Record<string, string>> {
  return { "plimsollFinding/v1": `${hash}:${count}`, primaryLocationLineHash: `${hash.slice(0, 16)}:${count}` };
}

/** SARIF 3.27.23: if one result of a run says it, all do. */
function suppressionsOf(findings: readonly Finding[], { suppresses, accepted }: SarifScene) {
  if (!suppresses) return {};
  const isAccepted = findings.every(({ id }) => accepted.has(id));
  const suppression = { kind: "external", status: "accepted", justification: "risk accepted" };
  return { suppressions: isAccepted ? [suppression] : [] };
}

/** SARIF 3.27.24. A result of several findings is new when all are, unchanged when none is. */
function baselineOf(findings: readonly Finding[], { index }: SarifScene) {
  const states = new Set(findings.map((finding) => baselineStateOf(finding, index.report)));
  if (states.has(null)) return {};
  if (states.size > 1 || states.has("worsened")) return { baselineState: "updated" };
  return { baselineState: states.has("new") ? "new" : "unchanged" };
}

function packageProperties(pkg: Package, { index }: SarifScene) {
  const keyed = index.layerOf(pkg.introducedIn ?? pkg.locations[0]?.layer ?? null);
  const fix = index.fixOf.get(pkg.id);
  return {
    package: pkg.name,
    version: pkg.version,
    type: ecosystemOf(pkg.ecosystem).wireType,
    purl: pkg.purl,
    ...(keyed !== null && {
      layerIndex: keyed.layer.index,
      layerDigest: keyed.layer.digest ?? keyed.layer.diffId ?? "",
    }),
    ...(fix !== undefined && { suggestedFix: fix.suggestedFix, clearsAll: fix.clearsAll }),
  };
}

function findingProperties({ severity, cvss, fixVersion, fixState, epss, kev, exploit }: Finding) {
  return {
    severity: severityWord(severity),
    ...(cvss !== null && { cvssScore: cvss.score, cvssVector: cvss.vector }),
    fixState,
    ...(fixVersion !== undefined && { fixVersion }),
    ...(epss !== null && { epss: epss.score }),
    knownExploited: kev !== null,
    exploitable: exploit !== null,
  };
}
