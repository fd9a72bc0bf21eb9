import {
  type AspectChange,
  type ChangeCause,
  type Finding,
  type FindingChange,
  type FindingState,
  type PackageChange,
  severityRank,
} from "@plimsoll/model";
import { judgedSeverity } from "../policy/rules/severity.ts";
import type { FindingPair } from "./pair-findings.ts";

/** What became of a finding, and why. */
export function compareFinding(
  { before, after }: FindingPair,
  change: PackageChange,
  sameKnowledge: boolean,
): FindingChange {
  const aspects = before === null || after === null ? [] : aspectsOf(before, after);
  const state = stateOf({ before, after }, aspects);
  return { state, cause: causeOf(state, change, sameKnowledge), before, after, aspects, package: change };
}

function stateOf({ before, after }: FindingPair, aspects: readonly AspectChange[]): FindingState {
  if (before === null) return "added";
  if (after === null) return "fixed";
  if (aspects.length === 0) return "unchanged";
  return aspects.some(({ isWorse }) => isWorse) ? "worsened" : "eased";
}

function causeOf(state: FindingState, { state: change }: PackageChange, sameKnowledge: boolean): ChangeCause | null {
  if (state === "unchanged") return null;
  if (change === "added") return "package-added";
  if (change === "removed") return "package-removed";
  // How grave a flaw is depends on what is known, whatever the package's version.
  const isRating = state === "worsened" || state === "eased";
  if (change !== "unchanged" && (sameKnowledge || !isRating)) return "package-changed";
  return sameKnowledge ? "context-changed" : "knowledge-changed";
}

/** What of the same flaw in the same package differs and matters to policy. */
function aspectsOf(before: Finding, after: Finding): AspectChange[] {
  const rise = severityRank(judgedSeverity(after.severity)) - severityRank(judgedSeverity(before.severity));
  const words = (aspect: AspectChange["aspect"], word: (finding: Finding) => string | null): AspectChange[] => {
    const [was, is] = [word(before), word(after)];
    return (was === null) === (is === null)
      ? []
      : [{ aspect, before: was ?? "none", after: is ?? "none", isWorse: is !== null }];
  };
  const severity: AspectChange = {
    aspect: "severity",
    before: before.severity,
    after: after.severity,
    isWorse: rise > 0,
  };
  return [
    ...(rise === 0 ? [] : [severity]),
    ...words("known-exploited", ({ kev }) => (kev === null ? null : kev.added || "listed")),
    ...words("exploit", ({ exploit }) => (exploit === null ? null : "public")),
    ...words("fix", ({ fixVersion }) => fixVersion ?? null),
  ];
}
