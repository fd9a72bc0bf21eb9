import { type Distro, distroFamilies, type PurlParts } from "@plimsoll/model";
import type { ForeignComponent } from "./foreign.ts";

/** Names of distributions in other tools' documents → os-release ID; the rest are taken as they are. */
const ids: Readonly<Record<string, string>> = {
  redhat: "rhel",
  "red hat enterprise linux": "rhel",
  "red hat enterprise linux server": "rhel",
  alma: "almalinux",
  "rocky linux": "rocky",
  oracle: "ol",
  oraclelinux: "ol",
  amazon: "amzn",
  amazonlinux: "amzn",
  suse: "sles",
  "suse linux enterprise server": "sles",
  "suse.linux.enterprise.server": "sles",
  "suse.linux.enterprise.micro": "sle-micro",
  "opensuse.leap": "opensuse-leap",
  "opensuse.tumbleweed": "opensuse-tumbleweed",
  "cbl-mariner": "mariner",
  azure: "azurelinux",
  "debian gnu/linux": "debian",
  "alpine linux": "alpine",
};

/** The distro a document names: its operating-system component, else what most OS packages' purls say; `null` when nothing does. */
export function distroOf(components: readonly ForeignComponent[], purls: readonly PurlParts[]): Distro | null {
  const systems = components.filter(({ kind }) => kind === "distro").map(fromComponent);
  return systems.find((distro) => isKnown(distro) && distro.versionId !== "") ?? fromPurls(purls) ?? systems[0] ?? null;
}

function isKnown({ id }: Distro): boolean {
  return distroFamilies.some((family) => family.id === id);
}

/** Syft and Clair tell os-release's own words in properties or references. */
function fromComponent({ name, version, properties }: ForeignComponent): Distro {
  const named = properties.get("syft:distro:id") ?? properties.get("did") ?? properties.get("aquasecurity:trivy:Type");
  const release = properties.get("syft:distro:versionID") ?? properties.get("version_id") ?? version;
  const prettyName = properties.get("syft:distro:prettyName") ?? properties.get("pretty_name");
  const like = properties.get("syft:distro:idLike:0") ?? properties.get("plimsoll:idLike");
  const codename =
    properties.get("syft:distro:versionCodename") ??
    properties.get("plimsoll:codename") ??
    /\((\w+)\)/.exec(version)?.[1]?.toLowerCase();
  return {
    id: idOf(named ?? name),
    idLike: like === undefined ? [] : [like],
    versionId: versionIdOf(release),
    ...(codename !== undefined && { codename }),
    ...(prettyName !== undefined && { prettyName }),
  };
}

function idOf(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(ids, lower) ? (ids[lower] ?? lower) : lower;
}

/** `9.2 EUS`, `12 (bookworm)`, `2 (Karoo)`: the number. */
function versionIdOf(release: string): string {
  return /^[0-9][\w.~+-]*/.exec(release.trim())?.[0] ?? "";
}

/** The qualifier `distro=debian-12`; Red Hat's own documents have none, but their releases end in `.el9`. */
function fromPurls(purls: readonly PurlParts[]): Distro | null {
  const votes = new Map<string, number>();
  for (const parts of purls) {
    const vote = voteOf(parts);
    if (vote !== null) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  const [winner] = [...votes].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (winner === undefined) return null;
  const [id = "", versionId = "", codename = ""] = winner[0].split("\0");
  return { id, idLike: [], versionId, ...(codename !== "" && { codename }) };
}

function voteOf({ type, namespace = "", version = "", qualifiers = {} }: PurlParts): string | null {
  if (!["deb", "rpm", "apk", "alpine"].includes(type)) return null;
  const match = /^(.+?)-(\d[\w.]*|[a-z]+)$/i.exec(qualifiers.distro ?? "");
  if (match !== null) {
    const [, name = "", release = ""] = match;
    const isNumber = /^\d/.test(release);
    return [idOf(name), isNumber ? release : "", isNumber ? "" : release].join("\0");
  }
  const major = type === "rpm" && namespace === "redhat" ? /\.el(\d+)/.exec(version)?.[1] : undefined;
  return major === undefined ? null : ["rhel", major, ""].join("\0");
}
