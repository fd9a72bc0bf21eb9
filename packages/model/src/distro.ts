import { lookUp } from "./look-up.ts";
/** What /etc/os-release (or an older release file) says; texts as published. */
export interface Distro {
  /** os-release ID, lower case: `debian`, `alpine`, `almalinux`. */
  readonly id: string;
  readonly idLike: readonly string[];
  /** VERSION_ID, or the best release number known (Debian: from debian_version when finer: `12.5`); "" when there is none (sid, rolling). */
  readonly versionId: string;
  readonly codename?: string;
  readonly prettyName?: string;
}

/** Which advisories speak for a distro's packages. */
export interface DistroFamily {
  /** Row id: `debian`, `ubuntu`, `alpine`, `almalinux`, … also the purl namespace. */
  readonly id: string;
  readonly osPackage: "deb" | "apk" | "rpm";
  /** Release as advisories name it: `12`, `22.04`, `3.18`, `9`. */
  readonly release: (distro: Distro) => string;
  /** Key of the advisories where it is not `id:release`: of a distro that another one speaks for, or that renamed its releases. */
  readonly ecosystem?: (distro: Distro) => string;
  /** Its own severity words stand as headline (decision 5a). */
  readonly ratesItself: boolean;
  /** Knows the distribution's own packages by {@link PackageFact.vendor}; absent where nothing tells them apart. */
  readonly vendors?: RegExp;
}

const major = (distro: Distro): string => distro.versionId.split(".")[0] ?? "";
const majorMinor = (distro: Distro): string => distro.versionId.split(".").slice(0, 2).join(".");
const whole = (distro: Distro): string => distro.versionId;
/** Wolfi, Chainguard and Tumbleweed have one rolling release: advisories name no version. */
const rolling = (): string => "rolling";

/** Alpine advisories are by branch (`3.18`); a VERSION_ID with a suffix (`3.21.0_alpha…`) is edge (alpine release naming). */
function alpineRelease(distro: Distro): string {
  return distro.versionId === "" || /_|edge/.test(distro.versionId) ? "edge" : majorMinor(distro);
}

const debianCodenames: Readonly<Record<string, string>> = {
  stretch: "9",
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  forky: "14",
  sid: "sid",
};

/** Debian testing has no VERSION_ID, only a codename (Debian base-files). */
function debianRelease(distro: Distro): string {
  return major(distro) || (lookUp(debianCodenames, distro.codename ?? "") ?? "sid");
}

/** CentOS up to 8 was built from RHEL's sources with RHEL's versions; Stream runs ahead of RHEL under versions of its own. */
function centosEcosystem(distro: Distro): string {
  const isStream = /\bstream\b/i.test(distro.prettyName ?? "");
  return isStream ? `centos:${major(distro)}-stream` : `rhel:${major(distro)}`;
}

/** Amazon Linux 1 names its releases by date: 2014.03 to 2018.03. */
function amazonEcosystem(distro: Distro): string {
  return `amzn:${/^201\d\./.test(distro.versionId) ? "1" : major(distro)}`;
}

/** One row a distro family; os-release IDs not listed have no feed (a Problem, never a clean answer). */
export const distroFamilies: readonly DistroFamily[] = [
  {
    id: "debian",
    osPackage: "deb",
    release: debianRelease,
    ratesItself: false,
    vendors: /[@.]debian\.(org|net)(>|\s|,|$)/i,
  },
  {
    id: "ubuntu",
    osPackage: "deb",
    release: majorMinor,
    ratesItself: true,
    vendors: /[@.](ubuntu\.com|canonical\.com|debian\.(org|net))(>|\s|,|$)/i,
  },
  { id: "alpine", osPackage: "apk", release: alpineRelease, ratesItself: false },
  { id: "wolfi", osPackage: "apk", release: rolling, ratesItself: false },
  { id: "chainguard", osPackage: "apk", release: rolling, ratesItself: false },
  { id: "almalinux", osPackage: "rpm", release: major, ratesItself: true, vendors: /almalinux/i },
  { id: "rocky", osPackage: "rpm", release: major, ratesItself: true, vendors: /rocky/i },
  { id: "rhel", osPackage: "rpm", release: major, ratesItself: true, vendors: /red hat/i },
  {
    id: "centos",
    osPackage: "rpm",
    release: major,
    ecosystem: centosEcosystem,
    ratesItself: true,
    vendors: /centos/i,
  },
  {
    id: "amzn",
    osPackage: "rpm",
    release: major,
    ecosystem: amazonEcosystem,
    ratesItself: true,
    vendors: /amazon/i,
  },
  { id: "ol", osPackage: "rpm", release: major, ratesItself: true, vendors: /oracle/i },
  { id: "sles", osPackage: "rpm", release: whole, ratesItself: true, vendors: /suse/i },
  { id: "sle-micro", osPackage: "rpm", release: whole, ratesItself: true, vendors: /suse/i },
  { id: "sl-micro", osPackage: "rpm", release: whole, ratesItself: true, vendors: /suse/i },
  { id: "opensuse-leap", osPackage: "rpm", release: whole, ratesItself: true, vendors: /suse/i },
  { id: "opensuse-tumbleweed", osPackage: "rpm", release: rolling, ratesItself: true, vendors: /suse/i },
  { id: "azurelinux", osPackage: "rpm", release: major, ratesItself: false },
  { id: "mariner", osPackage: "rpm", release: major, ratesItself: false },
  { id: "photon", osPackage: "rpm", release: major, ratesItself: false },
  { id: "fedora", osPackage: "rpm", release: major, ratesItself: false, vendors: /fedora/i },
];

/** The family of a distro by its os-release ID; `null` when it is none of ours (a derivative is not guessed by ID_LIKE: its packages differ). */
export function distroFamilyOf(distro: Distro): DistroFamily | null {
  return distroFamilies.find((family) => family.id === distro.id) ?? null;
}

/** Key under which advisories for a distro's packages are stored: `debian:12`, `alpine:3.18`; `null` for an unknown distro. */
export function distroEcosystem(distro: Distro): string | null {
  const family = distroFamilyOf(distro);
  if (family === null) return null;
  return family.ecosystem?.(distro) ?? `${family.id}:${family.release(distro)}`;
}

/** `debian 12.5`: the way reports write it (contract 2.4 `baseOs`). */
export function distroLabel(distro: Distro | null): string {
  return distro === null ? "unknown" : [distro.id, distro.versionId].filter((part) => part !== "").join(" ");
}
