/** What is known of the large estate: flaws by package name, versions below a number affected. */
import { digestOf, type Finding, type Sbom, type Severity } from "@plimsoll/model";
import { languageKeys, languageName, languageNames, systemName, systems, versionNumber } from "./large-estate.ts";

interface Flaw {
  readonly vulnerability: string;
  readonly severity: Severity;
  /** Versions below are affected. */
  readonly fixed: number;
  readonly isFixable: boolean;
  readonly isExploited: boolean;
}

/** Names whose records a revision changes. */
export type ChangedNames = readonly { readonly ecosystem: string; readonly name: string }[];

/** Three hundred advisories on language packages, from the ones that all use to the ones that hardly anybody does. */
export function languageDelta(): ChangedNames {
  return Array.from({ length: 300 }, (_, at) => {
    const ecosystem = languageKeys[at % languageKeys.length] ?? "npm";
    return { ecosystem, name: languageName(ecosystem, 3 + Math.floor((at * languageNames) / 300)) };
  });
}

/** The same on packages of distros. */
export function systemDelta(): ChangedNames {
  return Array.from({ length: 300 }, (_, at) => {
    const ecosystem = systems[at % systems.length] ?? "";
    return { ecosystem, name: systemName(ecosystem, 5 + at * 8) };
  });
}

/** Everything that was learned, delta by delta. */
export class EstateKnowledge {
  readonly #learned = new Map<string, number>();
  readonly #flaws = new Map<string, readonly Flaw[]>();

  learn(changed: ChangedNames): void {
    for (const { ecosystem, name } of changed) {
      const key = `${ecosystem} ${name}`;
      this.#learned.set(key, (this.#learned.get(key) ?? 0) + 1);
      this.#flaws.delete(key);
    }
  }

  /** Flaws of a version. */
  flawsOf(ecosystem: string, name: string, version: string): Flaw[] {
    const key = `${ecosystem} ${name}`;
    const known = this.#flaws.get(key) ?? flawsOfName(ecosystem, name, this.#learned.get(key) ?? 0);
    this.#flaws.set(key, known);
    return known.filter(({ fixed }) => versionNumber(version) < fixed);
  }

  findingsOf({ packages, distro }: Sbom): Finding[] {
    return packages.flatMap((pkg) => {
      const isSystem = ["deb", "apk", "rpm"].includes(pkg.ecosystem);
      const ecosystem = isSystem ? `${distro?.id}:${distro?.versionId}` : pkg.ecosystem;
      return this.flawsOf(ecosystem, pkg.name, pkg.version).map((flaw) => findingOf(flaw, pkg.id));
    });
  }
}

const severities: readonly Severity[] = ["critical", "high", "high", "medium", "medium", "medium", "low", "negligible"];

/** A third of the distros' packages and an eighth of the others have flaws, up to six; one that was learned comes first. */
function flawsOfName(ecosystem: string, name: string, learned: number): Flaw[] {
  const isSystem = systems.includes(ecosystem);
  const dice = digestOf(`${ecosystem} ${name}`).slice("sha256:".length);
  const number = (at: number): number => Number.parseInt(dice.slice(at * 4, at * 4 + 4), 16);
  const own = name.startsWith("own-") ? 0 : number(0) % (isSystem ? 3 : 8) === 0 ? 1 + (number(1) % 6) : 0;
  const old = Array.from({ length: own }, (_, at) =>
    flawOf(number(at + 2), `CVE-20${10 + (at % 15)}-${number(at + 3)}`, isSystem),
  );
  const fresh = Array.from({ length: learned }, (_, at) => ({
    ...flawOf(number(at + 9), `CVE-2026-${number(at)}${number(at + 1) % 10}`, isSystem),
    fixed: 1000,
  }));
  return [...new Map([...fresh, ...old].map((flaw) => [flaw.vulnerability, flaw])).values()];
}

function flawOf(dice: number, vulnerability: string, isSystem: boolean): Flaw {
  return {
    vulnerability,
    severity: severities[dice % severities.length] ?? "low",
    fixed: 1 + (dice % (isSystem ? 29 : 10)),
    isFixable: dice % 3 !== 0,
    isExploited: dice % 61 === 0,
  };
}

function findingOf({ vulnerability, severity, fixed, isFixable, isExploited }: Flaw, packageId: string): Finding {
  return {
    id: `${packageId} ${vulnerability}`,
    vulnerability,
    aliases: [],
    packageId,
    severity,
    severityProvider: "nvd",
    cvss: null,
    cvssProvider: null,
    fixState: isFixable ? "fixed" : "not-fixed",
    ...(isFixable && { fixVersion: `1.${fixed}.0` }),
    disclosed: { date: "2026-01-01", estimated: false },
    exploit: isExploited ? { count: 1, links: [] } : null,
    kev: null,
    epss: null,
    providers: {},
    details: [],
  };
}
