import { type Affected, parseSeverity } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";
import type { FeedFile } from "../../feed.ts";
import { advisoryOfOsv } from "../../osv/osv-advisory.ts";
import type { OsvProfile } from "../../osv/osv-profile.ts";
import { cveIdOf, dateField, present, proseField } from "../../records/field.ts";
import { readJson } from "../../records/json-text.ts";
import { type JsonObject, memberOf, objectOf, objectsOf, textOf, textsOf } from "../../records/json-value.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { fixedRows, type RpmFix } from "../../rpm/fixed-rows.ts";
import { isDebugData, type Nevra, nevraOf } from "../../rpm/nevra.ts";

const feed = "rocky-errata";

/** OSV documents: severity and module stand in the summary, as in AlmaLinux's. */
export const rockyProfile: OsvProfile = {
  feed,
  provider: "rocky",
  ids: /^R[LX]SA-/,
  errata: true,
  severity: (document) => parseSeverity(/^(\w+): /.exec(textOf(document.summary) ?? "")?.[1] ?? "") ?? undefined,
  module: (document) => moduleIn(textOf(document.summary)),
  tidy: lowest,
};

/** One erratum, in the errata service's own form or as OSV. */
export async function* parseRockyErrata(file: FeedFile): AsyncGenerator<FeedItem> {
  yield* readEach({ feed, path: file.path }, [await readJson(file)], (value) =>
    memberOf(value, "rpms") === undefined ? advisoryOfOsv(value, rockyProfile) : readErratum(value),
  );
}

function readErratum(value: unknown): (FeedItem | Fault)[] | Fault {
  const erratum = objectOf(value);
  const id = /^R[LX]SA-\d{4}:\d{1,9}$/.exec(textOf(erratum?.name) ?? "")?.[0];
  if (erratum === null || id === undefined) return new Fault("an erratum without id");
  const cves = objectsOf(erratum.cves).map(({ name }) => cveIdOf(name));
  const vulnerabilities = [...new Set(cves.filter((cve) => cve !== null))].sort();
  const { fixes, unread } = fixesOf(erratum);
  const faults = unread.map((build) => new Fault(`not a package: ${build.slice(0, 100)}`, id));
  if (vulnerabilities.length === 0 || fixes.length === 0) return faults;
  const published = dateField(erratum.publishedAt);
  const synopsis = textOf(erratum.synopsis);
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "rocky",
      vulnerabilities,
      aliases: [],
      ...present({
        published,
        fixDate: published?.slice(0, 10),
        severity: parseSeverity((textOf(erratum.severity) ?? "").replace(/^SEVERITY_/, "").slice(0, 40)) ?? undefined,
        title: proseField(synopsis),
      }),
      affected: fixedRows(fixes),
    },
    ...faults,
  ];
}

/** `Important: nodejs:16 security update` */
function moduleIn(synopsis: string | null): string | undefined {
  return /^\w+: ([\w.+-]{1,60}:[\w.+-]{1,60}) /.exec(synopsis ?? "")?.[1];
}

/** Special interest groups (`Rocky Linux SIG Cloud 8`) build kernels of their own version lines: they are left out. */
function fixesOf(erratum: JsonObject): { fixes: RpmFix[]; unread: string[] } {
  const fixes: RpmFix[] = [];
  const unread: string[] = [];
  const label = moduleIn(textOf(erratum.synopsis));
  for (const { release, build } of buildsOf(erratum)) {
    const nevra = nevraOf(build);
    if (nevra === null) unread.push(build);
    else if (nevra.arch !== "src" && !isDebugData(nevra.name)) fixes.push(fixOf(nevra, { release, label }));
  }
  return { fixes, unread };
}

function* buildsOf({ rpms }: JsonObject): Generator<{ release: string; build: string }> {
  for (const [product, builds] of Object.entries(objectOf(rpms) ?? {})) {
    const release = /^Rocky Linux (\d{1,2})$/.exec(product)?.[1];
    if (release === undefined) continue;
    for (const build of textsOf(memberOf(builds, "nvras"))) yield { release, build };
  }
}

/** Errata of a module bring packages outside of it too. */
function fixOf({ name, version }: Nevra, { release, label }: { release: string; label: string | undefined }): RpmFix {
  const module = version.includes(".module+") ? label : undefined;
  return { ecosystem: `rocky:${release}`, name, fixed: version, ...(module !== undefined && { module }) };
}

function lowest(affected: readonly Affected[]): Affected[] {
  const rows = new Map<string, Affected>();
  for (const row of affected) {
    const key = `${row.ecosystem} ${row.name} ${endOf(row).replace(/\.module[_+].*/, "")}`;
    const known = rows.get(key);
    if (known === undefined || (compareVersions("rpm", endOf(row), endOf(known)) ?? 0) < 0) rows.set(key, row);
  }
  return [...rows.values()];
}

function endOf(row: Affected): string {
  return row.ranges[0]?.fixed ?? "";
}
