import { readSbomText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import { problemLevels, type Report, type Sbom, severities } from "@plimsoll/model";
import { unexpected } from "./platform-client.ts";
import type { Sent } from "./sent.ts";

type Bag = Readonly<Record<string, unknown>>;

/**
 * What a platform made of what was sent, looked at before anything is told from it: packages are those that were sent, or
 * well-formed ones of the image that was; lists are lists, findings are of packages that are there, words are ours.
 * Throws PLATFORM_UNEXPECTED.
 */
export async function readJudgement(answer: unknown, sent: Sent): Promise<Report> {
  const report = bag(answer, "its answer");
  const sbom = "sbom" in sent ? sent.sbom : await sbomIn(report, sent.frame);
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

/** The packages that the platform knew; what was sent of the image stands. */
async function sbomIn({ sbom }: Bag, { source, image }: Pick<Sbom, "source" | "image">): Promise<Sbom> {
  const told = await readSbomText(JSON.stringify(sbom ?? null)).catch((cause: unknown) => {
    throw unexpected(`its SBOM cannot be read (${messageOf(cause)})`);
  });
  demand(told.image?.imageId === image?.imageId, "its SBOM is of another image");
  return { ...told, source, image };
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
