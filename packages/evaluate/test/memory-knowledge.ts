import type { Advisory, Affected, Exploit, FeedRecord, FeedState, Rating } from "@plimsoll/model";
import type { AffectedRecord, KnowledgeBase, VulnerabilityGroup } from "@plimsoll/vulndb";

/** A knowledge base of a handful of records, for tests: same face as the SQLite one, no file. Counts its questions. */
export function memoryKnowledge(
  records: readonly FeedRecord[],
  options: { date?: string; asked?: string[] } = {},
): KnowledgeBase {
  const { date = "2024-06-25", asked = [] } = options;
  const advisories = records.filter((record) => record.kind === "advisory");
  const groups = groupsOf(advisories);
  const group = (id: string) =>
    groups.find(({ name, aliases }) => name === id || aliases.includes(id)) ?? { name: id, aliases: [] };
  const feed = (id: string): FeedState => ({ id, title: id, date, records: 1 });
  return {
    status: { schema: 1, revision: "7", builtAt: `${date}T00:00:00Z`, starter: false, feeds: [] },
    coverage: (ecosystem) => {
      const covering = advisories.filter(({ affected }) => affected.some((row) => row.ecosystem === ecosystem));
      return [...new Set(covering.map((advisory) => advisory.feed))].sort().map(feed);
    },
    affected: (ecosystem, name) => {
      asked.push(`affected ${ecosystem} ${name}`);
      return advisories
        .flatMap((advisory) =>
          advisory.affected.map((affected) => ({
            advisory: factsOf(advisory),
            affected,
            isWithdrawn: advisory.withdrawn !== undefined,
          })),
        )
        .filter(({ affected }) => affected.ecosystem === ecosystem && affected.name === name)
        .sort((a, b) => (a.advisory.id < b.advisory.id ? -1 : 1));
    },
    group,
    facts: ({ name, aliases }) => {
      asked.push(`facts ${name}`);
      const own = records.filter(
        (record) => record.kind !== "advisory" && [name, ...aliases].includes(record.vulnerability),
      );
      return {
        ratings: own.filter((record) => record.kind === "rating"),
        epss: own.find((record) => record.kind === "epss") ?? null,
        kev: own.find((record) => record.kind === "kev") ?? null,
        exploits: own.filter((record) => record.kind === "exploit"),
      };
    },
    prints: () => [],
    [Symbol.dispose]: () => undefined,
  };
}

/** Ids that an advisory of one flaw names together are one group, named by its CVE. */
function groupsOf(advisories: readonly Advisory[]): VulnerabilityGroup[] {
  let groups: string[][] = [];
  for (const ids of advisories.flatMap(linkedIds)) {
    const touched = groups.filter((group) => group.some((id) => ids.includes(id)));
    const joined = [...new Set([...ids, ...touched.flat()])].sort();
    groups = [...groups.filter((group) => !touched.includes(group)), joined];
  }
  return groups.map((ids) => {
    const name = ids.find((id) => id.startsWith("CVE-")) ?? ids[0] ?? "";
    return { name, aliases: ids.filter((id) => id !== name) };
  });
}

function linkedIds({ id, vulnerabilities, aliases }: Advisory): string[][] {
  if (vulnerabilities.length > 1) return vulnerabilities.map((flaw) => [flaw]);
  return [[...(vulnerabilities.length === 0 ? [id] : vulnerabilities), ...aliases]];
}

function factsOf({ kind: _, affected: __, aliases: ___, ...advisory }: Advisory): AffectedRecord["advisory"] {
  return {
    ...advisory,
    vulnerabilities: advisory.vulnerabilities.length === 0 ? [advisory.id] : advisory.vulnerabilities,
  };
}

export function advisory(id: string, affected: readonly Affected[], rest: Partial<Advisory> = {}): Advisory {
  return {
    kind: "advisory",
    id,
    feed: "ghsa",
    provider: "github",
    vulnerabilities: [],
    aliases: [],
    affected,
    ...rest,
  };
}

export function affected(place: string, ranges: Affected["ranges"], rest: Partial<Affected> = {}): Affected {
  const [ecosystem = "", name = ""] = place.split(" ");
  return {
    ecosystem,
    name,
    nameKind: "source",
    scheme: "semver",
    ranges,
    fixState: ranges.some(({ fixed }) => fixed !== undefined) ? "fixed" : "unknown",
    ...rest,
  };
}

export function rating(vulnerability: string, provider: string, rest: Partial<Rating> = {}): Rating {
  return { kind: "rating", feed: provider, provider, vulnerability, ...rest };
}

export function exploit(vulnerability: string, rest: Partial<Exploit> = {}): Exploit {
  return { kind: "exploit", feed: "poc", vulnerability, count: 1, ...rest };
}
