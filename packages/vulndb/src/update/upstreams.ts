import type { Upstream } from "../feed.ts";

/** Documents of one feed for the wanted ecosystem keys. */
type Listing = (wanted: readonly string[]) => readonly Upstream[];

/** Debian's release numbers by the codenames its OVAL files are named after. */
const debianCodenames: Readonly<Record<string, string>> = {
  "10": "buster",
  "11": "bullseye",
  "12": "bookworm",
  "13": "trixie",
};

/** Ubuntu's release numbers by the adjectives its OVAL files are named after. */
const ubuntuCodenames: Readonly<Record<string, string>> = {
  "14.04": "trusty",
  "16.04": "xenial",
  "18.04": "bionic",
  "20.04": "focal",
  "22.04": "jammy",
  "23.04": "lunar",
  "23.10": "mantic",
  "24.04": "noble",
  "24.10": "oracular",
  "25.04": "plucky",
  "25.10": "questing",
};

/**
 * Where production gets distribution and Ruby advisories from, by feed id; the other feeds say it themselves. (RustSec
 * and PyPA come with OSV.dev's dumps of their ecosystems.)
 */
export const upstreams: ReadonlyMap<string, Listing> = new Map<string, Listing>([
  ["alpine-secdb", (wanted) => releasesOf("alpine", wanted).flatMap(secdbDocuments)],
  ["debian-tracker", debianTracker],
  ["debian-oval", (wanted) => releasesOf("debian", wanted).flatMap(debianOval)],
  ["ubuntu-oval", (wanted) => releasesOf("ubuntu", wanted).flatMap(ubuntuOval)],
  ["rubysec", rubysec],
]);

function releasesOf(distro: string, wanted: readonly string[]): string[] {
  return wanted.filter((key) => key.startsWith(`${distro}:`)).map((key) => key.slice(distro.length + 1));
}

/** Branches before 3.3 have no community repository. */
function secdbDocuments(release: string): Upstream[] {
  if (!/^(edge|\d\.\d{1,2})$/.test(release)) return [];
  const branch = release === "edge" ? "edge" : `v${release}`;
  return ["main", "community"].map((repository) => ({
    url: `https://secdb.alpinelinux.org/${branch}/${repository}.json`,
    file: `${branch}-${repository}.json`,
    ecosystems: [`alpine:${release}`],
    optional: repository === "community",
  }));
}

/** One document for all releases, unfixed flaws included. */
function debianTracker(wanted: readonly string[]): Upstream[] {
  const ecosystems = wanted.filter((key) => key.startsWith("debian:"));
  const url = "https://security-tracker.debian.org/tracker/data/json";
  return ecosystems.length === 0 ? [] : [{ url, file: "debian-tracker.json", ecosystems }];
}

/** Releases without long-term support leave the folder; the tracker still speaks of them. */
function debianOval(release: string): Upstream[] {
  const codename = debianCodenames[release];
  if (codename === undefined) return [];
  const file = `oval-definitions-${codename}.xml.bz2`;
  return [
    { url: `https://www.debian.org/security/oval/${file}`, file, ecosystems: [`debian:${release}`], optional: true },
  ];
}

function ubuntuOval(release: string): Upstream[] {
  const codename = ubuntuCodenames[release];
  if (codename === undefined) return [];
  const file = `com.ubuntu.${codename}.usn.oval.xml.bz2`;
  return [{ url: `https://security-metadata.canonical.com/oval/${file}`, file, ecosystems: [`ubuntu:${release}`] }];
}

function rubysec(wanted: readonly string[]): Upstream[] {
  if (!wanted.includes("gem")) return [];
  const url = "https://github.com/rubysec/ruby-advisory-db/archive/refs/heads/master.tar.gz";
  return [{ url, file: "ruby-advisory-db.tar.gz", ecosystems: ["gem"] }];
}
