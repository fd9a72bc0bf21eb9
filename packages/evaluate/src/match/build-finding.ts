import { type DistroFamily, type Finding, type Rating, uuidOf } from "@plimsoll/model";
import type { VulnerabilityFacts, VulnerabilityGroup } from "@plimsoll/vulndb";
import { dayText } from "../moment.ts";
import { disclosedOn } from "../severity/disclosed.ts";
import { headline, ownProviders } from "../severity/headline.ts";
import { providerViews } from "../severity/providers.ts";
import { chooseFix } from "./choose-fix.ts";
import type { Hit, Statement } from "./judge-record.ts";
import { matchDetails } from "./match-details.ts";

/** A finding before it is tied to one package instance. */
export type Flaw = Omit<Finding, "id" | "packageId">;

/** What a finding is made of, besides the advisories that hold. */
export interface FlawContext {
  readonly facts: VulnerabilityFacts;
  /** The distro of an OS package. */
  readonly family: DistroFamily | null;
  /** Rows about the flaw in the same package that do not hold for its version. */
  readonly others: readonly Statement[];
}

/** Everything known of one flaw in one package, merged over the advisories that hold. */
export function buildFlaw(
  group: VulnerabilityGroup,
  hits: readonly Hit[],
  { facts, family, others }: FlawContext,
): Flaw {
  const records = hits.map(({ record }) => record);
  const providers = providerViews(facts.ratings, records);
  const title = titleOf(hits, facts);
  return {
    vulnerability: group.name,
    aliases: group.aliases,
    ...headline(providers, family),
    ...chooseFix(hits, { own: family === null ? [] : ownProviders(family), others }),
    disclosed: disclosedOn([group.name, ...group.aliases], providers, facts),
    exploit: exploitOf(facts),
    kev: facts.kev && { added: facts.kev.added, due: facts.kev.due, ransomware: facts.kev.ransomware },
    epss: facts.epss && { score: facts.epss.score, percentile: facts.epss.percentile, date: facts.epss.date },
    ...(title !== undefined && { title }),
    providers,
    details: matchDetails(hits),
  };
}

/** The finding of a flaw in one package instance. */
export function findingOf(flaw: Flaw, packageId: string): Finding {
  return { id: uuidOf(flaw.vulnerability, packageId), packageId, ...flaw };
}

/** What several lists know, together. A flaw that CISA saw exploited is exploitable, even if no list knows how (spec 4.2: 8 of 8). */
function exploitOf({ exploits, kev }: VulnerabilityFacts): Finding["exploit"] {
  if (exploits.length === 0 && kev === null) return null;
  const links = [...new Set(exploits.flatMap((exploit) => exploit.links ?? []))].sort();
  const count = exploits.reduce((sum, exploit) => sum + exploit.count, 0);
  const dates = [...exploits.map(({ published }) => published), kev?.added].flatMap((date) => dayText(date) ?? []);
  const [published] = dates.sort();
  return { count: Math.max(count, links.length), links, ...(published !== undefined && { published }) };
}

/** A title of the flaw itself, NVD's last: an erratum's title speaks of several flaws. */
function titleOf(hits: readonly Hit[], { ratings }: VulnerabilityFacts): string | undefined {
  const own = hits.filter(({ record }) => record.advisory.vulnerabilities.length <= 1);
  const titles = own.flatMap(({ record }) => record.advisory.title ?? []).sort();
  const byProvider = (a: Rating, b: Rating) => (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : 0);
  return titles[0] ?? [...ratings].sort(byProvider).find(({ title }) => title !== undefined)?.title;
}
