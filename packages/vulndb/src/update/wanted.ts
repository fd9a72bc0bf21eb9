import { ecosystems } from "@plimsoll/model";

/** Releases of distributions with a feed of ours that images are still built on; `all` means these and every language. */
const releases: Readonly<Record<string, readonly string[]>> = {
  alpine: ["3.14", "3.15", "3.16", "3.17", "3.18", "3.19", "3.20", "3.21", "3.22", "3.23", "edge"],
  debian: ["10", "11", "12", "13", "14", "sid"],
  ubuntu: ["16.04", "18.04", "20.04", "22.04", "24.04", "24.10", "25.04", "25.10"],
  wolfi: ["rolling"],
  chainguard: ["rolling"],
  almalinux: ["8", "9", "10"],
  rocky: ["8", "9", "10"],
  rhel: ["6", "7", "8", "9"],
  amzn: ["2", "2023"],
  ol: ["7", "8", "9", "10"],
  sles: ["12.5", "15.3", "15.4", "15.5", "15.6", "15.7"],
  "opensuse-leap": ["15.5", "15.6"],
  azurelinux: ["3"],
  mariner: ["2"],
  photon: ["3", "4", "5"],
};

/** Ecosystem keys to update for: the given ones, sorted and without repeats, or all that feeds of ours may cover. */
export function wantedKeys(wanted: readonly string[] | "all"): readonly string[] {
  if (wanted !== "all") return [...new Set(wanted)].sort();
  const languages = ecosystems.filter(({ os }) => !os).map(({ id }) => id);
  const distros = Object.entries(releases).flatMap(([distro, list]) => list.map((release) => `${distro}:${release}`));
  return [...languages, ...distros].sort();
}
