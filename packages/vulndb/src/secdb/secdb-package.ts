import type { Advisory, Affected } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";
import { memberOf, objectOf, textOf, textsOf } from "../records/json-value.ts";
import { Fault } from "../records/read-each.ts";

/** What tells one publisher's security database from another's. */
export interface SecdbProfile {
  readonly feed: string;
  readonly provider: string;
  readonly ecosystem: string;
}

/**
 * Advisories of one package of a security database in Alpine's form: `secfixes` maps a version to the ids that it fixes.
 * Version "0": the package never had the flaw.
 */
export function secdbPackage(value: unknown, profile: SecdbProfile): (Advisory | Fault)[] {
  const name = textOf(memberOf(value, "name"));
  const fixes = objectOf(memberOf(value, "secfixes"));
  if (name === null || fixes === null) return [new Fault("a package without name or fixes", name ?? undefined)];
  const flaws = new Map<string, Flaw & { versions: string[] }>();
  for (const [version, entries] of Object.entries(fixes)) {
    for (const flaw of textsOf(entries).flatMap(flawsOf)) {
      const known = flaws.get(flaw.id) ?? { ...flaw, versions: [] };
      known.versions.push(version);
      flaws.set(flaw.id, known);
    }
  }
  return [...flaws.values()].map(({ versions, ...flaw }) => advisoryOf(flaw, { ...profile, name, versions }));
}

interface Flaw {
  readonly id: string;
  readonly vulnerabilities: readonly string[];
  readonly aliases: readonly string[];
}

type Place = SecdbProfile & { readonly name: string; readonly versions: readonly string[] };

function advisoryOf(flaw: Flaw, { feed, provider, ecosystem, name, versions }: Place): Advisory {
  const affected: Affected = {
    ecosystem,
    name,
    nameKind: "source",
    scheme: "apk",
    ranges: [{ fixed: lastFix(versions) }],
    fixState: "fixed",
  };
  return { kind: "advisory", feed, provider, ...flaw, affected: [affected] };
}

/** A flaw named under two versions was not fixed by the first of them; under "0" it was never there. */
function lastFix(versions: readonly string[]): string {
  if (versions.includes("0")) return "0";
  return versions.reduce((best, next) => ((compareVersions("apk", next, best) ?? 0) > 0 ? next : best));
}

/**
 * The flaws of one entry, a line typed by hand: `CVE-2017-15597 XSA-236`, `CVE_2019-2426`, `CVE-2020-14342 (not …)`.
 * Each CVE is one flaw; without a CVE the first other id is. GHSA and RUSTSEC ids beside one CVE are its aliases.
 */
function flawsOf(entry: string): Flaw[] {
  const words = entry.slice(0, 500).replace(/\(.*/, "").split(/\s+/);
  const cves = [...new Set(words.flatMap((word) => cveIn(word) ?? []))];
  const others = words.filter((word) => cveIn(word) === null && /^[A-Za-z]{2,15}-[\w-]{2,60}$/.test(word));
  if (cves.length === 0) return others.slice(0, 1).map((id) => ({ id, vulnerabilities: [], aliases: [] }));
  const aliases = cves.length === 1 ? others.filter((id) => /^(GHSA|RUSTSEC)-/.test(id)) : [];
  return cves.map((id) => ({ id, vulnerabilities: [id], aliases }));
}

function cveIn(word: string): string | null {
  const match = /^CVE[-_](\d{4}-\d{4,19})(?!\d)/.exec(word);
  return match === null ? null : `CVE-${match[1]}`;
}
