import { problemLevels, type Report, type Sbom, severities } from "@plimsoll/model";
import { cliError } from "../errors.ts";

type Bag = Readonly<Record<string, unknown>>;

/**
 * What a platform made of an SBOM of ours, looked at before anything is told from it: lists are lists, findings are of
 * packages that are there, words are ours. Throws PLATFORM_UNEXPECTED.
 */
export function readJudgement(answer: unknown, sbom: Sbom): Report {
  const report = bag(answer, "its answer");
  const ids = new Set(sbom.packages.map(({ id }) => id));
  for (const item of list(report, "findings")) checkFinding(bag(item, "a finding"), ids);
  for (const item of list(report, "problems")) {
    const { level, code, message } = bag(item, "a problem");
    demand(oneOf(problemLevels, level) && texts(code, message), "a problem is none of ours");
  }
  for (const item of list(report, "policies")) list(bag(item, "a policy"), "bundles");
  list(report, "suggestedFixes");
  list(bag(report.knowledge, "what it knows"), "feeds");
  const { status, complete } = bag(report.verdict, "its verdict");
  demand(oneOf(["passed", "failed"], status) && typeof complete === "boolean", "its verdict is none");
  demand(texts(report.evaluatedAt, report.stage), "time or stage is missing");
  return { ...(report as unknown as Report), sbom };
}

function checkFinding(
  { id, packageId, vulnerability, severity, aliases, details, providers }: Bag,
  ids: ReadonlySet<string>,
) {
  demand(texts(id, packageId, vulnerability), "a finding lacks its names");
  demand(ids.has(String(packageId)), "a finding is of a package that is not there");
  demand(oneOf(severities, severity), "a finding has a severity that we do not know");
  demand(Array.isArray(aliases) && Array.isArray(details), "a finding lacks its details");
  bag(providers, "what sources say");
}

function bag(value: unknown, what: string): Bag {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(`${what} is no object`);
  return value as Bag;
}

function list(of: Bag, key: string): readonly unknown[] {
  const value = of[key];
  if (!Array.isArray(value)) throw unexpected(`${key} is no list`);
  return value;
}

function texts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

function oneOf(words: readonly string[], value: unknown): boolean {
  return words.some((word) => word === value);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw unexpected(otherwise);
}

function unexpected(why: string) {
  return cliError("PLATFORM_UNEXPECTED", { fields: { why } });
}
