import type { Finding, Package, Report } from "@plimsoll/model";

/** One finding as a golden file states it: enough to check it against the advisory by hand. */
export interface GoldenRow {
  readonly package: string;
  readonly version: string;
  readonly vulnerability: string;
  /** Lowest version that fixes it; `null` when none is known. */
  readonly fix: string | null;
  readonly severity: string;
  /** Provider that gave the severity; `null` when nobody rates it. */
  readonly by: string | null;
}

/** The findings of a report as golden rows, sorted by package, version and vulnerability. */
export function rowsOf({ sbom, findings }: Report): GoldenRow[] {
  const packages = new Map(sbom.packages.map((pkg) => [pkg.id, pkg]));
  const rows = findings.flatMap((finding) => {
    const pkg = packages.get(finding.packageId);
    return pkg === undefined ? [] : [rowOf(finding, pkg)];
  });
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort(byKey)
    .map(({ row }) => row);
}

/** What makes two rows the same match: package, version, vulnerability and fix, whoever rates it. */
export function matchOf({ package: name, version, vulnerability, fix }: GoldenRow): string {
  return `${name} ${version}: ${vulnerability}, fixed in ${fix}`;
}

/** Text of a golden file: one row a line. */
export function goldenText(rows: readonly GoldenRow[]): string {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`;
}

function rowOf(finding: Finding, pkg: Package): GoldenRow {
  return {
    package: pkg.name,
    version: pkg.version,
    vulnerability: finding.vulnerability,
    fix: finding.fixVersion ?? null,
    severity: finding.severity,
    by: finding.severityProvider,
  };
}

function keyOf({ package: name, version, vulnerability }: GoldenRow): string {
  return `${name}\n${version}\n${vulnerability}`;
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
