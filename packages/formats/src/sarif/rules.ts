import { ecosystemOf, type Finding, type Package } from "@plimsoll/model";
import { markdownCode, markdownText } from "../markup.ts";
import { vulnerabilityLink } from "../vulnerability-link.ts";
import type { SarifScene } from "./scene.ts";
import { fixWords, idText, levelOf, messageText, securitySeverity, severityWord } from "./words.ts";

/** Packages named in one rule's help; the results name all. */
const namedPackages = 50;

/** A rule per vulnerability, in the order of the findings. */
export function vulnerabilityRules(scene: SarifScene) {
  const byName = Map.groupBy(scene.findings, ({ vulnerability }) => vulnerability);
  return [...byName.values()].flatMap((findings) => vulnerabilityRule(findings, scene) ?? []);
}

/** A rule per package with findings, in the order of its worst. */
export function packageRules(scene: SarifScene) {
  const byPackage = Map.groupBy(scene.findings, ({ packageId }) => packageId);
  return [...byPackage.values()].flatMap((findings) => packageRule(findings, scene) ?? []);
}

/** Id of a package's rule: the same in the next scan of the same content. */
export function packageRuleId({ name, version, locations }: Package): string {
  return idText([name, version, locations[0]?.path ?? ""].join("-").replace(/[/:\s]+/g, "_"));
}

function vulnerabilityRule(findings: readonly Finding[], scene: SarifScene) {
  const [worst] = findings;
  const first = worst && scene.index.packages.get(worst.packageId);
  if (worst === undefined || first === undefined) return null;
  const id = idText(worst.vulnerability);
  const url = vulnerabilityLink(worst.vulnerability);
  const packages = findings.flatMap(({ packageId }) => scene.index.packages.get(packageId)?.name ?? []);
  const names = [...new Set(packages)].slice(0, 10).join(", ");
  const title = worst.title === undefined ? "" : `: ${messageText(worst.title, 300)}`;
  return {
    id,
    name: ecosystemOf(first.ecosystem).wireType,
    shortDescription: {
      text: `${messageText(id)} Severity: ${severityWord(worst.severity)} Package: ${messageText(names, 300)}`,
    },
    fullDescription: { text: `${messageText(id)}${title}` },
    ...(url !== null && { helpUri: url }),
    help: helpOf(worst, findings, scene),
    defaultConfiguration: { level: levelOf(worst.severity) },
    properties: ruleProperties(worst),
  };
}

function ruleProperties(worst: Finding) {
  const score = securitySeverity(worst);
  return {
    precision: "very-high",
    ...(score !== null && { "security-severity": score }),
    tags: [
      "vulnerability",
      "security",
      severityWord(worst.severity),
      ...(worst.kev !== null ? ["known-exploited"] : []),
      ...(worst.exploit !== null ? ["exploit-public"] : []),
    ],
  };
}

function helpOf(worst: Finding, findings: readonly Finding[], scene: SarifScene) {
  const facts = factsOf(worst);
  const rows = findings.slice(0, namedPackages).flatMap((finding) => {
    const pkg = scene.index.packages.get(finding.packageId);
    return pkg === undefined ? [] : [{ finding, pkg }];
  });
  const more = findings.length > namedPackages ? [`and ${findings.length - namedPackages} more`] : [];
  const text = rows.map(({ finding, pkg }) =>
    messageText(`${pkg.name} ${pkg.version}, fixed in: ${fixWords(finding)}`, 400),
  );
  const cells = rows.map(({ finding, pkg }) =>
    [markdownCode(pkg.name), markdownCode(pkg.version), markdownText(fixWords(finding), 100)].join(" | "),
  );
  const table = ["| Package | Version | Fixed in |", "| --- | --- | --- |", ...cells.map((row) => `| ${row} |`)];
  return {
    text: [...facts.map(([name, value]) => `${name}: ${messageText(value)}`), ...text, ...more].join("\n"),
    markdown: [...facts.map(([name, value]) => `**${name}** ${markdownText(value)}  `), "", ...table, "", ...more].join(
      "\n",
    ),
  };
}

function factsOf({ vulnerability, aliases, severity, severityProvider, cvss, kev, epss, exploit, title }: Finding) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Vulnerability", [vulnerability, ...aliases].join(", ")],
    ["Title", title],
    ["Severity", severityProvider === null ? severityWord(severity) : `${severity} (${severityProvider})`],
    ["CVSS", cvss === null ? undefined : `${cvss.score} ${cvss.vector}`],
    ["Known to be exploited", kev === null ? undefined : `since ${kev.added}, CISA's deadline ${kev.due}`],
    ["Public exploits", exploit === null ? undefined : String(exploit.count)],
    ["EPSS", epss === null ? undefined : `${(epss.score * 100).toFixed(2)} % (${epss.date})`],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function packageRule(findings: readonly Finding[], scene: SarifScene) {
  const [worst] = findings;
  const pkg = worst && scene.index.packages.get(worst.packageId);
  if (worst === undefined || pkg === undefined) return null;
  const name = messageText(`${pkg.name}@${pkg.version}`, 400);
  const lines = findings.map(
    (finding) =>
      `${messageText(finding.vulnerability)} ${severityWord(finding.severity)}, fixed in: ${messageText(fixWords(finding))}`,
  );
  const rows = findings.map((finding) =>
    [markdownText(finding.vulnerability), severityWord(finding.severity), markdownText(fixWords(finding))].join(" | "),
  );
  return {
    id: packageRuleId(pkg),
    name: `Vulnerable package: ${name}`,
    shortDescription: { text: `Vulnerable package: ${name}` },
    fullDescription: { text: lines.slice(0, namedPackages).join("\n") },
    help: {
      text: lines.join("\n"),
      markdown: [
        "| Vulnerability | Severity | Fixed in |",
        "| --- | --- | --- |",
        ...rows.map((row) => `| ${row} |`),
      ].join("\n"),
    },
    defaultConfiguration: { level: levelOf(worst.severity) },
    properties: ruleProperties(worst),
  };
}
