import type { BundleResult, PolicyResult, RuleResult, Violation } from "@plimsoll/model";
import { violationsOf } from "../report-words.ts";
import { countText } from "../sizes.ts";
import { nameText, prose, type Scene } from "./context.ts";
import type { Tone } from "./paint.ts";

const words: Readonly<Record<string, readonly [word: string, tone: Tone]>> = {
  passed: ["PASSED", "good"],
  failed: ["FAILED", "bad"],
  accepted: ["ACCEPTED", "warn"],
  noPolicy: ["NO POLICY", "quiet"],
  notApplicable: ["NOT APPLICABLE", "quiet"],
};
/** Violations shown of a rule unless all are asked for. */
const shownViolations = 3;

/** Policies with the rules that failed; every rule and violation with `--detailed-policies-eval`. */
export function policyLines(scene: Scene): string[] {
  const { policies } = scene.index.report;
  if (policies.length === 0) return [];
  return [scene.paint("heading", "Policies"), ...policies.flatMap((result) => onePolicy(result, scene))];
}

function onePolicy(result: PolicyResult, scene: Scene): string[] {
  const failures = violationsOf(result);
  const count = failures > 0 ? scene.paint("quiet", `  ${countText(failures, "violation")}`) : "";
  const title = `  ${statusText(result.status, scene)}  ${scene.paint("strong", nameText(result.policy.name, 80))}${count}`;
  return [title, ...result.bundles.flatMap((bundle) => oneBundle(bundle, scene))];
}

function oneBundle({ bundle, rules }: BundleResult, scene: Scene): string[] {
  const shown = rules.filter(
    ({ status }) => scene.options.text.everyRule || status === "failed" || status === "accepted",
  );
  if (shown.length === 0) return [];
  const title = scene.paint("quiet", `    ${nameText(bundle.name, 100)}`);
  return [title, ...shown.flatMap((rule) => oneRule(rule, scene))];
}

function oneRule(result: RuleResult, scene: Scene): string[] {
  const { everyRule } = scene.options.text;
  const described = result.description === "" ? result.rule.ruleType : result.description;
  const count = result.violations.length > 0 ? `: ${countText(result.violations.length, "violation")}` : "";
  const shown = everyRule ? result.violations : result.violations.slice(0, shownViolations);
  const more = result.violations.length - shown.length;
  return [
    ...ruleTitle(result.status, `${nameText(described, 300)}${count}`, scene),
    ...shown.flatMap((violation) =>
      prose(violationText(violation, scene), { columns: scene.columns, indent: "          " }),
    ),
    ...(more > 0
      ? [scene.paint("quiet", `          and ${countText(more, "more", "more")}; all with --detailed-policies-eval`)]
      : []),
  ];
}

function ruleTitle(status: string, text: string, scene: Scene): string[] {
  const [first = "", ...rest] = prose(text, { columns: scene.columns, indent: " ".repeat(14) });
  return [`      ${statusText(status, scene)}  ${first.trimStart()}`, ...rest];
}

/** The reference leaves most descriptions empty, and so do reports: then finding and package say it. */
function violationText(violation: Violation, { index }: Scene): string {
  if (violation.description !== "") return nameText(violation.description, 400);
  if (violation.kind === "config") return nameText(violation.remediation, 400);
  const pkg = index.packages.get(violation.packageId);
  const name = pkg === undefined ? "" : `${nameText(pkg.name, 100)} ${nameText(pkg.version, 80)}`;
  if (violation.kind === "package") return name;
  const finding = index.findingById.get(violation.findingId);
  const fix = finding?.fixVersion === undefined ? "" : `, fixed in ${nameText(finding.fixVersion, 80)}`;
  return `${nameText(finding?.vulnerability ?? "", 60)} in ${name}${fix}`;
}

function statusText(status: string, { paint }: Scene): string {
  const [word, tone] = words[status] ?? [status, "plain" as const];
  return paint(tone, word);
}
