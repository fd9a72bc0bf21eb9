import type { Cvss, DistroFamily, ProviderView, Severity } from "@plimsoll/model";
import { severityOfScore } from "@plimsoll/model";

/** The severity and score shown for a finding, each with the provider that says so; `null` provider = nobody does. */
export interface Headline {
  readonly severity: Severity;
  readonly severityProvider: string | null;
  readonly cvss: Cvss | null;
  readonly cvssProvider: string | null;
}

/** Provider key → its view, as in a finding. */
export type Providers = Readonly<Record<string, ProviderView>>;

/**
 * Chooses severity and score among what the providers say (decision 5): (a) the distro's own rating of its package,
 * Debian's only when it says negligible; (b) NVD with CVSS v3 or v4; (c) CNA, CISA ADP, GitHub, then other advisory
 * databases; (d) another distro; at last NVD's v2 alone, which still is a rating; else unrated. The score is NVD's if
 * NVD has any, else the first in the same order. `family` is the distro of an OS package, `null` for any other.
 */
export function headline(providers: Providers, family: DistroFamily | null): Headline {
  const order = providerOrder(providers, family);
  const rated = order.severity.find((name) => ratingOf(providers[name]) !== null) ?? null;
  const scored = order.cvss.find((name) => providers[name]?.cvss !== undefined) ?? null;
  return {
    severity: (rated === null ? null : ratingOf(providers[rated])) ?? "unknown",
    severityProvider: rated,
    cvss: (scored === null ? null : providers[scored]?.cvss) ?? null,
    cvssProvider: scored,
  };
}

/** A view's rating: its word, else the word for its score (NVD's scale for CVSS v2 has no "critical"); `null` when it has none. */
export function ratingOf(view: ProviderView | undefined): Severity | null {
  if (view?.severity !== undefined && view.severity !== "unknown") return view.severity;
  if (view?.cvss === undefined) return null;
  const word = severityOfScore(view.cvss.score);
  return word === "critical" && isVersion2(view.cvss) ? "high" : word;
}

/** Provider keys under which a distro family rates flaws in its own packages, its own first: rebuilds of Red Hat's packages share Red Hat's rating. */
export function ownProviders(family: DistroFamily): readonly string[] {
  return ownKeys[family.id] ?? [family.id];
}

const ownKeys: Readonly<Record<string, readonly string[]>> = {
  almalinux: ["almalinux", "rhel"],
  rocky: ["rocky", "rhel"],
  centos: ["centos", "rhel"],
  amzn: ["amazon"],
  ol: ["oracle"],
  sles: ["suse"],
  "sle-micro": ["suse"],
  "sl-micro": ["suse"],
  "opensuse-leap": ["suse"],
  "opensuse-tumbleweed": ["suse"],
  mariner: ["azurelinux"],
  chainguard: ["chainguard", "wolfi"],
};

/** Where the CVE record's own score and the advisory databases stand among themselves; others follow by name. */
const recordProviders = ["cna", "cisa-adp", "github"];

/** Distros as second opinion: those that rate each flaw by itself first. */
const distroProviders = [
  "rhel",
  "ubuntu",
  "suse",
  "opensuse",
  "oracle",
  "amazon",
  "almalinux",
  "rocky",
  "azurelinux",
  "debian",
  "centos",
  "photon",
  "fedora",
  "alpine",
  "wolfi",
  "chainguard",
  "alibaba",
  "euleros",
  "gentoo",
  "bottlerocket",
  "windows",
];

function providerOrder(providers: Providers, family: DistroFamily | null): { severity: string[]; cvss: string[] } {
  const own = family === null ? [] : ownProviders(family);
  const others = Object.keys(providers)
    .filter((name) => name !== "nvd" && !recordProviders.includes(name) && !distroProviders.includes(name))
    .sort();
  // Decision 5c asks for the CNA's CVSS: its bare word ("low", where CISA and GitHub score 7.5) comes behind them.
  const records = providers.cna?.cvss === undefined ? ["cisa-adp", "github", "cna"] : recordProviders;
  const rest = [...records, ...others, ...own, ...distroProviders];
  const trusted = own.filter((name) => family !== null && speaksForItself(family, providers[name]));
  const nvd = providers.nvd?.cvss;
  const nvdFirst = nvd !== undefined && !isVersion2(nvd);
  return {
    severity: nvdFirst ? [...trusted, "nvd", ...rest] : [...trusted, ...rest, "nvd"],
    cvss: ["nvd", ...trusted, ...rest],
  };
}

function speaksForItself(family: DistroFamily, view: ProviderView | undefined): boolean {
  if (family.ratesItself) return true;
  return family.id === "debian" && view?.severity === "negligible";
}

function isVersion2(cvss: Cvss): boolean {
  return cvss.version.startsWith("2");
}
