import {
  type ChangeCause,
  type ComparedSide,
  type Difference,
  distroLabel,
  type FindingChange,
  type FindingState,
  type PackageChange,
  severities,
} from "@plimsoll/model";
import { layerCommand } from "./layer-command.ts";
import { countText } from "./sizes.ts";

// Words of a difference for people. Texts from outside are not yet escaped.

export const stateWords: Readonly<Record<FindingState, string>> = {
  added: "new",
  worsened: "worsened",
  fixed: "fixed",
  eased: "eased",
  unchanged: "unchanged",
};

const causeWords: Readonly<Record<ChangeCause, string>> = {
  "package-added": "package came",
  "package-changed": "package changed",
  "package-removed": "package went",
  "knowledge-changed": "knowledge changed",
  "context-changed": "judged otherwise",
};

/** Findings in a state, of all severities. */
export function totalOf({ counts }: Difference, state: FindingState): number {
  return severities.reduce((sum, severity) => sum + counts[state][severity].total, 0);
}

/** `2 new, 1 worsened, 3 fixed, no eased, 120 unchanged vulnerabilities`, without what is zero. */
export function summaryWords(difference: Difference): string {
  const told = (["added", "worsened", "fixed", "eased", "unchanged"] as const)
    .map((state) => [stateWords[state], totalOf(difference, state)] as const)
    .filter(([, count]) => count > 0);
  if (told.length === 0) return "No known vulnerability on either side";
  return `${told.map(([word, count]) => `${count} ${word}`).join(", ")}`;
}

/** `debian 12.5, sha256:…` and how the side was judged. */
export function sideWords({ report }: ComparedSide): string {
  const { image, distro } = report.sbom;
  const facts = [distro === null ? "" : distroLabel(distro), image?.digest ?? image?.imageId ?? ""];
  return facts.filter((fact) => fact !== "").join(", ");
}

export function verdictWord({ report }: ComparedSide): string {
  const { status, complete } = report.verdict;
  if (report.policies.length === 0) return complete ? "no policy evaluated" : "incomplete";
  return complete ? status : `${status}, but incomplete`;
}

/** With which knowledge both sides were judged. */
export function knowledgeWords({ before, after, sameKnowledge }: Difference): string {
  if (sameKnowledge) return `Both sides judged with ${revisionWords(after)}.`;
  const [was, is] = [before, after].map((side) => {
    const when = side.judged === "then" ? `on ${side.report.evaluatedAt.slice(0, 10)}` : "now";
    return `${when} with ${revisionWords(side)}`;
  });
  return `The first was judged ${was}, the second ${is}: what only newer knowledge tells is marked "${causeWords["knowledge-changed"]}".`;
}

function revisionWords({ report }: ComparedSide): string {
  const { revision, builtAt, starter } = report.knowledge;
  if (revision === "") return "knowledge that its report does not name";
  return `knowledge ${revision} of ${builtAt.slice(0, 10)}${starter ? ", the starter knowledge" : ""}`;
}

/** How much of the images is one; "" where there is none. */
export function layersWords({ layers, before, after }: Difference): string {
  if (before.report.sbom.image === null || after.report.sbom.image === null) return "";
  const count = (state: string): number => layers.filter((layer) => layer.state === state).length;
  const shared = count("shared");
  const rest = [
    ...(["moved", "added", "removed"] as const).flatMap((state) =>
      count(state) > 0 ? [`${count(state)} ${state}`] : [],
    ),
  ];
  const same = shared === 0 ? "no layer shared: another base" : `${countText(shared, "layer")} shared`;
  return [same, ...rest].join(", ");
}

/** `3.0.1 → 3.0.2`, or the one version there is. */
export function versionWords({ before, after }: PackageChange): string {
  if (before !== null && after !== null && before.version !== after.version)
    return `${before.version} → ${after.version}`;
  return (after ?? before)?.version ?? "";
}

export function nameOf({ before, after }: PackageChange): string {
  return (after ?? before)?.name ?? "";
}

/** The layer to blame or to thank, as place and command: of the later image, else `was` of the earlier; `null` where nobody knows. */
export function layerOf({
  before,
  after,
  beforeLayer,
  afterLayer,
}: PackageChange): { readonly place: string; readonly command: string } | null {
  if (afterLayer !== null) return { place: String(afterLayer.index), command: layerCommand(afterLayer.command) };
  if (after !== null || before === null || beforeLayer === null) return null;
  return { place: `was ${beforeLayer.index}`, command: layerCommand(beforeLayer.command) };
}

/** Why it is there, with what became worse or better. */
export function whyWords({ cause, aspects }: FindingChange): string {
  const reasons = aspects.map(({ aspect, before, after }) => {
    if (aspect === "severity") return `${before} → ${after}`;
    if (aspect === "fix") return after === "none" ? "fix withdrawn" : "fix known";
    const word = aspect === "exploit" ? "exploit" : "known exploited";
    return after === "none" ? `no longer ${word}` : word;
  });
  return [cause === null ? "" : causeWords[cause], ...reasons].filter((word) => word !== "").join(", ");
}

/** Packages that differ, what came and changed before what went. */
export function changedPackages({ packages }: Difference): PackageChange[] {
  const order = ["added", "upgraded", "downgraded", "changed", "removed"];
  return packages
    .filter(({ state }) => state !== "unchanged")
    .map((change, place) => ({ change, place }))
    .sort((a, b) => order.indexOf(a.change.state) - order.indexOf(b.change.state) || a.place - b.place)
    .map(({ change }) => change);
}

/** New and fixed findings of each changed package. */
export function findingsByPackage({
  findings,
}: Difference): ReadonlyMap<PackageChange, { added: number; fixed: number }> {
  const counts = new Map<PackageChange, { added: number; fixed: number }>();
  for (const { state, package: change } of findings) {
    const count = counts.get(change) ?? { added: 0, fixed: 0 };
    if (state === "added" || state === "worsened") count.added += 1;
    if (state === "fixed") count.fixed += 1;
    counts.set(change, count);
  }
  return counts;
}

/** Incomplete problems of both sides, with the side. */
export function doubts({ before, after }: Difference): { readonly side: string; readonly words: string }[] {
  return [before, after].flatMap(({ report }) =>
    report.problems
      .filter(({ level }) => level === "incomplete")
      .map(({ message, path }) => ({
        side: report.sbom.source.name,
        words: path === undefined ? message : `${path}: ${message}`,
      })),
  );
}
