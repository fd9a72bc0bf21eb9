import { distroLabel, ecosystemOf, type Package, severities } from "@plimsoll/model";
import { violationsOf } from "../report-words.ts";
import { pullStringOf } from "../wire-values.ts";
import { countSeverities } from "../worst-packages.ts";
import { nameText, type Scene } from "./context.ts";
import { pad } from "./display-width.ts";
import { type Cell, type Column, table } from "./table.ts";

const rated = severities.filter((severity) => severity !== "unknown");

/** Header, counts and table as readers of the reference's output know them (spec 7.5). */
export function referenceSections(packages: readonly Package[], scene: Scene): string[][] {
  return [referenceHeader(scene), referenceCounts(scene), referenceTable(packages, scene), referencePolicies(scene)];
}

function referenceHeader({ index, options }: Scene): string[] {
  const { sbom } = index.report;
  const rows = [
    ["Type", sbom.source.kind === "image" ? "dockerImage" : "host"],
    ["ImageID", sbom.image?.imageId ?? ""],
    ["Digest", sbom.image?.digest ?? ""],
    ["BaseOS", distroLabel(sbom.distro)],
    ["PullString", pullStringOf(index.report, options)],
  ] as const;
  return rows.map(([title, value]) => `${pad(`${title}:`, 12)}${nameText(value, 300)}`.trimEnd());
}

/** Unrated counts as medium, as in the JSON of this mode (decision 6). */
function referenceCounts({ index, paint }: Scene): string[] {
  const all = asRated(countSeverities(index.findings));
  const fixable = asRated(countSeverities(index.findings.filter(({ fixVersion }) => fixVersion !== undefined)));
  return [
    `${index.findings.length} vulnerabilities found`,
    ...rated.map((severity) => {
      const word = severity.charAt(0).toUpperCase() + severity.slice(1);
      return `  ${paint(severity, pad(word, 11))} ${all[severity]} (${fixable[severity]} fixable)`;
    }),
  ];
}

type Rated = Readonly<Record<(typeof rated)[number], number>>;

function asRated({ unknown, ...counts }: ReturnType<typeof countSeverities>): Rated {
  return { ...counts, medium: counts.medium + unknown };
}

function referenceTable(packages: readonly Package[], scene: Scene): string[] {
  if (packages.length === 0) return [];
  const columns: Column[] = [
    { title: "PACKAGE", min: 12 },
    { title: "TYPE" },
    { title: "VERSION", min: 8 },
    { title: "SUGGESTED FIX", min: 8 },
    ...rated.map((severity): Column => ({ title: severity.toUpperCase(), align: "right" })),
    { title: "EXPLOIT", align: "right" },
  ];
  const rows = packages.map((pkg): Cell[] => {
    const findings = scene.index.findingsOf.get(pkg.id) ?? [];
    const counts = asRated(countSeverities(findings));
    return [
      { text: nameText(pkg.name, 80) },
      { text: ecosystemOf(pkg.ecosystem).wireType },
      { text: nameText(pkg.version, 60) },
      { text: nameText(scene.index.fixOf.get(pkg.id)?.suggestedFix ?? "", 60) },
      ...rated.map(
        (severity): Cell => ({ text: String(counts[severity]), tone: counts[severity] > 0 ? severity : "quiet" }),
      ),
      { text: String(findings.filter(({ exploit }) => exploit !== null).length) },
    ];
  });
  return table(columns, rows, { columns: scene.columns, indent: 0, paint: scene.paint });
}

function referencePolicies({ index, paint }: Scene): string[] {
  const { policies } = index.report;
  return [
    "POLICIES EVALUATION",
    ...policies.map((result) => {
      const failed = result.status === "failed";
      const word = failed ? paint("bad", "FAILED") : paint("good", "PASSED");
      const name = nameText(result.policy.name, 100);
      return `  Policy: ${name} ${word} (${violationsOf(result)} failures - 0 risks accepted)`;
    }),
    ...(policies.length === 0 ? ["  no policy was evaluated"] : []),
  ];
}
