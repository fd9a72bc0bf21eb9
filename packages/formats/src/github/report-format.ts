import { plainText } from "@plimsoll/kit";
import { type Finding, type Package, type Severity, severityRank } from "@plimsoll/model";
import { acceptedFindings } from "../accepted-findings.ts";
import { nothingNew, onlyNew } from "../against-baseline.ts";
import type { ReportFormat } from "../format.ts";
import { indexReport, type ReportIndex } from "../report-index.ts";
import { severityWords } from "../severity-words.ts";
import { countText } from "../sizes.ts";
import { pullStringOf } from "../wire-values.ts";
import { worstPackages } from "../worst-packages.ts";
import { type Annotation, annotationLine } from "./annotation-line.ts";

/** Vulnerabilities named in the annotation of one package. */
const namedFindings = 10;

/** Workflow commands of GitHub Actions: an annotation per failed policy, unread part and affected package, worst first. */
export const github = {
  name: "github",
  mediaType: "text/plain; charset=utf-8",
  extension: "txt",
  write: (report, options) => {
    const index = indexReport(onlyNew(report));
    const accepted = acceptedFindings(report);
    const lines = [...policyNotes(index), ...problemNotes(index), ...packageNotes(index, accepted)];
    const name = pullStringOf(report, options);
    const all = lines.length > 0 ? lines : [nothing(name, index)];
    return all.map(annotationLine).join("");
  },
} satisfies ReportFormat;

function nothing(name: string, index: ReportIndex): Annotation {
  const words = nothingNew(index)?.toLowerCase() ?? "no known vulnerability";
  return { level: "notice", title: "Plimsoll", message: `${words} in ${plainText(name, 300)}` };
}

function policyNotes({ report }: ReportIndex): Annotation[] {
  return report.policies
    .filter(({ status }) => status === "failed")
    .map(({ policy, bundles }) => {
      const rules = bundles.flatMap((bundle) => bundle.rules).filter(({ status }) => status === "failed");
      const words = rules.map(
        ({ description, violations }) => `${description} (${countText(violations.length, "violation")})`,
      );
      return { level: "error", title: `Policy failed: ${policy.name}`, message: words.join("\n") };
    });
}

function problemNotes({ report }: ReportIndex): Annotation[] {
  return report.problems
    .filter(({ level }) => level !== "note")
    .map(({ level, message, path, next }) => ({
      level: "warning",
      title: level === "incomplete" ? "Incomplete: a clean answer could be false" : "Warning",
      message: [path === undefined ? message : `${message}: ${path}`, next ?? ""]
        .filter((line) => line !== "")
        .join("\n"),
    }));
}

function packageNotes(index: ReportIndex, accepted: ReadonlySet<string>): Annotation[] {
  return worstPackages(index).flatMap((pkg) => {
    const findings = (index.findingsOf.get(pkg.id) ?? []).filter(({ id }) => !accepted.has(id));
    return findings.length === 0 ? [] : [packageNote(pkg, findings, index)];
  });
}

function packageNote(pkg: Package, findings: readonly Finding[], { fixOf, layerOf }: ReportIndex): Annotation {
  const [worst = "unknown"] = findings
    .map(({ severity }) => severity)
    .toSorted((a, b) => severityRank(b) - severityRank(a));
  const fix = fixOf.get(pkg.id);
  const layer = layerOf(pkg.introducedIn);
  const more = findings.length > namedFindings ? [`and ${findings.length - namedFindings} more`] : [];
  return {
    level: levelOf(worst),
    title: `${severityWords[worst]} ${pkg.name} ${pkg.version}`,
    message: [
      ...findings.slice(0, namedFindings).map(({ vulnerability, severity, fixVersion }) => {
        return `${plainText(vulnerability, 100)} ${severityWords[severity].toLowerCase()}${fixVersion === undefined ? "" : `, fixed in ${plainText(fixVersion, 100)}`}`;
      }),
      ...more,
      ...(fix === undefined ? [] : [`upgrade to ${plainText(fix.clearsAll, 100)}`]),
      ...pkg.locations
        .slice(0, 1)
        .map(({ path }) => `in ${plainText(path, 300)}${layer === null ? "" : `, layer ${layer.layer.index}`}`),
    ].join("\n"),
  };
}

function levelOf(severity: Severity): Annotation["level"] {
  if (severity === "critical" || severity === "high") return "error";
  return severity === "medium" || severity === "unknown" ? "warning" : "notice";
}
