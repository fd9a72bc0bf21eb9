import type { Distro } from "@plimsoll/model";
import { readAssignments } from "./release-parser.ts";

/** `/etc/alpine-release`: the full version, `3.18.9` or `3.21_alpha20240923`. */
export function parseAlpineRelease(text: string): Distro | null {
  const versionId = firstLine(text);
  return /^\d+\.\d[\w.]{0,40}$/.test(versionId) ? { id: "alpine", idLike: [], versionId } : null;
}

/** `/etc/debian_version`: `12.5`, or `trixie/sid` for testing and unstable, which have no number. */
export function parseDebianVersion(text: string): Distro | null {
  const line = firstLine(text);
  if (/^\d+(?:\.\d+){0,2}$/.test(line)) return { id: "debian", idLike: [], versionId: line };
  const codename = /^([a-z]{3,20})(?:\/sid)?$/.exec(line)?.[1];
  return codename === undefined ? null : { id: "debian", idLike: [], versionId: "", codename };
}

/** `/etc/lsb-release` (Ubuntu before os-release). */
export function parseLsbRelease(text: string): Distro | null {
  const values = readAssignments(text);
  const id = (values.get("DISTRIB_ID") ?? "").toLowerCase();
  const versionId = values.get("DISTRIB_RELEASE") ?? "";
  if (!/^[a-z0-9._-]{1,64}$/.test(id) || !/^[\w.]{1,40}$/.test(versionId)) return null;
  const codename = (values.get("DISTRIB_CODENAME") ?? "").toLowerCase();
  return { id, idLike: [], versionId, ...(/^[a-z]{1,40}$/.test(codename) && { codename }) };
}

/** One line such as `CentOS Linux release 7.9.2009 (Core)` or `CBL-Mariner 2.0.20230407`. */
export function parseReleaseLine(text: string): Distro | null {
  const line = firstLine(text);
  const id = makers.find(([start]) => line.toLowerCase().startsWith(start))?.[1];
  const versionId = /(?:\brelease\s+|\s)(\d+(?:\.\d+)?)/i.exec(line)?.[1];
  return id === undefined || versionId === undefined ? null : { id, idLike: [], versionId, prettyName: line };
}

/** `/etc/SuSE-release` (before os-release): VERSION and PATCHLEVEL on lines of their own. */
export function parseSuseRelease(text: string): Distro | null {
  const version = /^VERSION\s*=\s*(\d+(?:\.\d+)?)\s*$/m.exec(text.slice(0, 2000))?.[1];
  if (version === undefined) return null;
  const patch = /^PATCHLEVEL\s*=\s*(\d+)\s*$/m.exec(text.slice(0, 2000))?.[1] ?? "0";
  const isOpen = /^opensuse/i.test(firstLine(text));
  return {
    id: isOpen ? "opensuse" : "sles",
    idLike: [],
    versionId: isOpen || patch === "0" ? version : `${version}.${patch}`,
  };
}

const makers: readonly (readonly [start: string, id: string])[] = [
  ["centos", "centos"],
  ["red hat enterprise linux", "rhel"],
  ["almalinux", "almalinux"],
  ["rocky linux", "rocky"],
  ["oracle linux", "ol"],
  ["enterprise linux enterprise linux", "ol"],
  ["fedora", "fedora"],
  ["amazon linux", "amzn"],
  ["cbl-mariner", "mariner"],
  ["microsoft azure linux", "azurelinux"],
  ["vmware photon", "photon"],
  ["scientific linux", "scientific"],
];

function firstLine(text: string): string {
  return (text.slice(0, 400).split("\n")[0] ?? "").trim();
}
