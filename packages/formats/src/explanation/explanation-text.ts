import type {
  AdvisoryExplanation,
  AdvisoryReason,
  Explanation,
  PackageExplanation,
  PackageReason,
} from "@plimsoll/evaluate";
import { distroLabel, type Sbom } from "@plimsoll/model";
import { nameText, prose, usableColumns } from "../console/context.ts";
import { type Paint, paintWith, type Tone } from "../console/paint.ts";
import { severityWords } from "../severity-words.ts";
import { pathOf } from "../wire-values.ts";

export interface ExplanationOptions {
  readonly columns: number;
  readonly colors: boolean;
  /** What was asked for, shown where nothing was found. */
  readonly vulnerability: string;
  readonly package?: string;
}

interface Scene {
  readonly paint: Paint;
  readonly columns: number;
}

/** Why a vulnerability was found in a source or was not, package by package, so that a person can check each step by hand. */
export function explanationText(explanation: Explanation, sbom: Sbom, options: ExplanationOptions): string {
  const scene: Scene = { paint: paintWith(options.colors), columns: usableColumns(options.columns) };
  const sections = [
    titleLines(explanation, sbom, scene),
    ...explanation.packages.map((one) => packageLines(one, explanation, scene)),
    ...(explanation.packages.length === 0 ? [nothingLines(explanation, options, scene)] : []),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function titleLines(
  { vulnerability, aliases, rejectedBy }: Explanation,
  sbom: Sbom,
  { paint, columns }: Scene,
): string[] {
  const also = aliases.length === 0 ? "" : `  also ${aliases.map((alias) => nameText(alias, 60)).join(", ")}`;
  return [
    `${paint("heading", nameText(vulnerability, 100))}${paint("quiet", also)}`,
    ...prose(`in ${nameText(sbom.source.name, 200)}, ${nameText(distroLabel(sbom.distro), 80)}`, {
      columns,
      indent: "",
    }),
    ...(rejectedBy === null ? [] : [paint("warn", `Its record was rejected by ${nameText(rejectedBy, 60)}.`)]),
  ];
}

const packageWords: Readonly<Record<PackageReason, readonly [tone: Tone, words: string]>> = {
  affected: ["bad", "AFFECTED"],
  "not-affected": ["good", "NOT AFFECTED: advisories speak of it, none of them holds for this version"],
  undecided: ["warn", "UNDECIDED: its version cannot be compared with an advisory's"],
  "no-advisory": ["good", "NOT AFFECTED as far as is known: no advisory for its names speaks of this vulnerability"],
  "owned-by-os-package": [
    "good",
    "NOT JUDGED BY ITS ECOSYSTEM: an OS package owns its files, so only the distribution speaks",
  ],
  "no-feed": ["warn", "NOT JUDGED: no loaded feed covers its ecosystem"],
  "unknown-distro": ["warn", "NOT JUDGED: the distribution is not known, so nobody's advisories can be asked"],
  rejected: ["good", "NOT AFFECTED: the vulnerability's record was rejected"],
};

function packageLines(one: PackageExplanation, { rejectedBy }: Explanation, scene: Scene): string[] {
  const { package: pkg, reason, keys, feeds, advisories, finding } = one;
  const { paint, columns } = scene;
  const [tone, words] = packageWords[reason];
  const severity = finding === null ? "" : ` ${paint(finding.severity, severityWords[finding.severity])}`;
  const fix = finding?.fixVersion === undefined ? "" : `, fixed in ${nameText(finding.fixVersion, 80)}`;
  const looked = new Set(keys.map(({ ecosystem, name, version }) => nameText(`${ecosystem} ${name} ${version}`, 200)));
  const by = rejectedBy === null || reason !== "rejected" ? "" : ` by ${nameText(rejectedBy, 60)}`;
  return [
    `${paint("strong", `${nameText(pkg.name, 100)} ${nameText(pkg.version, 80)}`)}  ${paint("quiet", nameText(pathOf(pkg), 200))}`,
    ...prose(`${words}${by}${fix}`, { columns, indent: "  " }).map((line) => paint(tone, line)),
    ...(severity === "" ? [] : [`  rated${severity} by ${nameText(finding?.severityProvider ?? "nobody", 60)}`]),
    ...(pkg.ownedBy === undefined ? [] : [`  owned by ${nameText(pkg.ownedBy, 200)}`]),
    ...(looked.size === 0 ? [] : prose(`looked up: ${[...looked].join("; ")}`, { columns, indent: "  " })),
    ...(feeds.length === 0
      ? []
      : prose(`feeds asked: ${feeds.map((feed) => nameText(feed, 60)).join(", ")}`, { columns, indent: "  " })),
    ...advisories.flatMap((advisory) => advisoryLines(advisory, scene)),
  ];
}

const advisoryWords: Readonly<Record<AdvisoryReason, string>> = {
  "in-range": "holds: the version lies in its range",
  "outside-ranges": "does not hold: the version lies outside its ranges",
  "never-affected": "does not hold: it says that this package was never affected",
  withdrawn: "does not hold: it was withdrawn",
  "other-name-kind": "does not hold: it speaks of the other kind of name (source or binary package)",
  "other-build": "does not hold: it speaks of another architecture or module stream",
  "version-unreadable": "cannot be judged: a version cannot be read",
};

function advisoryLines(advisory: AdvisoryExplanation, { paint, columns }: Scene): string[] {
  const mark = advisory.holds ? paint("bad", "✗") : paint("good", "·");
  const fix = advisory.fixVersion === undefined ? advisory.fixState : `fixed in ${nameText(advisory.fixVersion, 80)}`;
  const dated = advisory.published === undefined ? "" : `, ${nameText(advisory.published.slice(0, 10), 10)}`;
  const { ecosystem, name } = advisory.key;
  const when = advisory.withdrawn === undefined ? "" : ` on ${nameText(advisory.withdrawn.slice(0, 10), 10)}`;
  return [
    `  ${mark} ${paint("strong", nameText(advisory.advisory, 80))} ${paint("quiet", `(${nameText(advisory.feed, 60)}${dated})`)}`,
    ...prose(`${advisoryWords[advisory.reason]}${when}; ${fix}`, { columns, indent: "    " }),
    ...prose(`for ${nameText(ecosystem, 60)} ${nameText(name, 120)}, compared as ${advisory.scheme}`, {
      columns,
      indent: "    ",
    }),
    ...advisory.ranges.flatMap(({ range, comparisons }) => [
      ...prose(`range ${nameText(range, 300)}`, { columns, indent: "      " }),
      ...comparisons.map(({ condition, holds }) => {
        const word = holds === null ? "cannot be compared" : holds ? "yes" : "no";
        return `        ${nameText(condition, 120)}  ${paint(holds === true ? "strong" : "quiet", word)}`;
      }),
    ]),
  ];
}

function nothingLines(
  { packageMissing, similarNames }: Explanation,
  options: ExplanationOptions,
  { columns }: Scene,
): string[] {
  const asked = nameText(options.package ?? "", 120);
  const similar = similarNames.map((name) => nameText(name, 80)).join(", ");
  const words = packageMissing
    ? `There is no package ${asked} in it.${similar === "" ? "" : ` Similar names: ${similar}.`}`
    : `No advisory known here connects ${nameText(options.vulnerability, 100)} with any package in it. To ask about one package: --package NAME.`;
  return prose(words, { columns, indent: "" });
}
