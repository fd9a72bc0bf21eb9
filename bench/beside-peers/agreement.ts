import { readFileSync } from "node:fs";

/** What one scan says of one package: the names of its vulnerabilities, sorted. */
type Findings = ReadonlyMap<string, string>;

/** How far two scans of one image agree. */
export interface Agreement {
  /** Packages that both list. */
  readonly packages: number;
  readonly same: number;
  /** Those judged differently, one line each. */
  readonly different: readonly string[];
}

/** Compares the findings of two json-v1 reports, package by package; what only one of them lists is not counted. */
export function agreementOf(ownReport: string, otherReport: string): Agreement {
  const [own, other] = [readFindings(ownReport), readFindings(otherReport)];
  const both = [...own.keys()].filter((key) => other.has(key));
  const different = both
    .filter((key) => own.get(key) !== other.get(key))
    .map((key) => `${key}: ${changeOf(own.get(key) ?? "", other.get(key) ?? "")}`);
  return { packages: both.length, same: both.length - different.length, different };
}

interface Report {
  readonly result: {
    readonly packages: Readonly<Record<string, ReportedPackage>>;
    readonly vulnerabilities: Readonly<Record<string, { readonly name: string }>>;
  };
}

interface ReportedPackage {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly isRemoved: boolean;
  readonly vulnerabilitiesRefs?: readonly string[] | null;
}

function readFindings(path: string): Findings {
  const { packages, vulnerabilities } = (JSON.parse(readFileSync(path, "utf8")) as Report).result;
  const present = Object.values(packages).filter(({ isRemoved }) => !isRemoved);
  const byKey = Map.groupBy(present, ({ type, name, version }) => `${type} ${plain(type, name)} ${version}`);
  return new Map(
    [...byKey].map(([key, same]) => {
      const names = same.flatMap(({ vulnerabilitiesRefs }) => vulnerabilitiesRefs ?? []);
      return [key, [...new Set(names.map((ref) => vulnerabilities[ref]?.name ?? ref))].sort().join(" ")];
    }),
  );
}

/** Names whose ecosystems ignore how they are written. */
function plain(type: string, name: string): string {
  if (type === "python") return name.toLowerCase().replace(/[-_.]+/g, "-");
  return type === "golang" ? name.toLowerCase() : name;
}

function changeOf(own: string, other: string): string {
  const [mine, theirs] = [new Set(own.split(" ")), new Set(other.split(" "))];
  const [lost, added] = [[...mine.difference(theirs)], [...theirs.difference(mine)]];
  return [...lost.map((id) => `-${id}`), ...added.map((id) => `+${id}`)].filter((word) => word.length > 1).join(" ");
}
