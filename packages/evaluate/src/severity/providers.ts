import { type Cvss, type ProviderView, type Rating, type Severity, severityRank } from "@plimsoll/model";
import type { AffectedRecord } from "@plimsoll/vulndb";
import { ratingOf } from "./headline.ts";

/** One statement of a provider, with how precisely it speaks: a word on this very package outweighs one on the flaw, and that one on a whole erratum. */
interface Statement {
  readonly provider: string;
  readonly weight: number;
  readonly severity?: Severity;
  readonly cvss?: Cvss;
  readonly published?: string;
  /** When the provider last changed it, ms; the later of two statements stands. */
  readonly modified: number;
}

const packageWord = 3;
const flawWord = 2;
const erratumWord = 1;

/**
 * What every provider says of one flaw in one package: ratings of the flaw, and the advisories that matched. Of several
 * statements of one provider the most precise rating stands, then the later, then the worst; published is the earliest.
 * Keys sorted.
 */
export function providerViews(
  ratings: readonly Rating[],
  records: readonly AffectedRecord[],
): Record<string, ProviderView> {
  const statements = [...ratings.map(ofRating), ...records.map(ofRecord)];
  const names = [...new Set(statements.map(({ provider }) => provider))].sort();
  return Object.fromEntries(names.map((name) => [name, merge(statements.filter(({ provider }) => provider === name))]));
}

const cvssPreference = ["3.1", "3.0", "4.0", "2.0"];

/** The one score shown of several by the same provider: v3.1, v3.0, v4.0, v2.0 (report readers know no v4); the highest among equals. */
export function preferredCvss(scores: readonly Cvss[] | undefined): Cvss | undefined {
  const place = ({ version }: Cvss) =>
    (cvssPreference.indexOf(version) + cvssPreference.length) % cvssPreference.length;
  return [...(scores ?? [])].sort(
    (a, b) => place(a) - place(b) || b.score - a.score || (a.vector < b.vector ? -1 : 1),
  )[0];
}

function ofRating({ provider, severity, cvss, published, modified }: Rating): Statement {
  const base = { provider, weight: flawWord, modified: momentOf(modified) };
  return statement(base, { severity, cvss: preferredCvss(cvss), published });
}

function momentOf(date: string | undefined): number {
  const ms = Date.parse(date ?? "");
  return Number.isNaN(ms) ? 0 : ms;
}

function ofRecord({ advisory, affected }: AffectedRecord): Statement {
  const oneFlaw = advisory.vulnerabilities.length <= 1;
  const weight = affected.severity !== undefined ? packageWord : oneFlaw ? flawWord : erratumWord;
  return statement(
    { provider: advisory.provider, weight, modified: momentOf(advisory.modified) },
    {
      severity: affected.severity ?? advisory.severity,
      // The score of an erratum with several flaws is not this flaw's.
      cvss: oneFlaw ? preferredCvss(advisory.cvss) : undefined,
      published: advisory.published,
    },
  );
}

type Said = { readonly [K in "severity" | "cvss" | "published"]: Statement[K] | undefined };

function statement(
  base: Pick<Statement, "provider" | "weight" | "modified">,
  { severity, cvss, published }: Said,
): Statement {
  return {
    ...base,
    ...(severity !== undefined && { severity }),
    ...(cvss !== undefined && { cvss }),
    ...(published !== undefined && { published }),
  };
}

function merge(statements: readonly Statement[]): ProviderView {
  const rated = statements.filter((said) => ratingOf(said) !== null).sort(byPrecision);
  const severity = rated.find((said) => said.severity !== undefined && said.severity !== "unknown")?.severity;
  const scored = statements.filter((said) => said.cvss !== undefined).sort((a, b) => b.modified - a.modified);
  const cvss = preferredCvss(
    scored.flatMap((said) => (said.modified === scored[0]?.modified ? (said.cvss ?? []) : [])),
  );
  const published = statements.flatMap((said) => said.published ?? []).sort(byMoment)[0];
  return {
    ...(severity !== undefined && { severity }),
    ...(published !== undefined && { published }),
    ...(cvss !== undefined && { cvss }),
  };
}

function byPrecision(a: Statement, b: Statement): number {
  const worst = severityRank(ratingOf(b) ?? "unknown") - severityRank(ratingOf(a) ?? "unknown");
  return b.weight - a.weight || b.modified - a.modified || worst;
}

/** Earlier moment first; what is no date comes last. */
function byMoment(a: string, b: string): number {
  const [first, second] = [Date.parse(a), Date.parse(b)];
  if (Number.isNaN(first) || Number.isNaN(second)) return Number(Number.isNaN(first)) - Number(Number.isNaN(second));
  return first - second || (a < b ? -1 : 1);
}
