import { plainText } from "@plimsoll/kit";
import type { Finding, Severity } from "@plimsoll/model";
import { fingerprints, packageIdentity } from "../fingerprints.ts";
import type { ReportFormat } from "../format.ts";
import { jsonText } from "../json-text.ts";
import { indexReport } from "../report-index.ts";

type Word = "blocker" | "critical" | "major" | "minor" | "info";

const words: Readonly<Record<Severity, Word>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  unknown: "major",
  low: "minor",
  negligible: "info",
};

/** GitLab's code quality report (the part of Code Climate's format that GitLab reads), for projects without container scanning. */
export const gitlabCodequality = {
  name: "gitlab-codequality",
  mediaType: "application/json",
  extension: "json",
  write: (report) => {
    const { findings, packages } = indexReport(report);
    const fingerprint = fingerprints();
    const issues = findings.flatMap((finding) => {
      const pkg = packages.get(finding.packageId);
      if (pkg === undefined) return [];
      const { hash, count } = fingerprint([finding.vulnerability, ...packageIdentity(pkg)]);
      return {
        type: "issue",
        check_name: plainText(finding.vulnerability, 200),
        description: descriptionOf(finding, `${pkg.name} ${pkg.version}`),
        categories: ["Security"],
        severity: words[finding.severity],
        fingerprint: count === 1 ? hash : `${hash}-${count}`,
        location: { path: plainText(pkg.locations[0]?.path ?? pkg.name, 1000), lines: { begin: 1 } },
      };
    });
    return jsonText(issues);
  },
} satisfies ReportFormat;

function descriptionOf({ vulnerability, severity, fixVersion }: Finding, name: string): string {
  const rating = severity === "unknown" ? "unrated" : severity;
  const fix = fixVersion === undefined ? "no fix known" : `fixed in ${fixVersion}`;
  return plainText(`${vulnerability} (${rating}) in ${name}: ${fix}`, 600);
}
