import { type Problem, parseDiffId } from "@plimsoll/model";
import { type ForeignComponent, type ForeignSbom, foreignLimits } from "./foreign.ts";
import { items, member, text, textAt } from "./loose.ts";

/** Purposes that name software (SPDX 2.3 clause 7.24); a package without one may be software. */
const software: ReadonlySet<string> = new Set([
  "",
  "LIBRARY",
  "APPLICATION",
  "FRAMEWORK",
  "INSTALL",
  "OTHER",
  "FIRMWARE",
]);

/** Reads a parsed SPDX 2.2 or 2.3 document. */
export function readSpdx(root: unknown): ForeignSbom {
  const all = items(member(root, "packages"));
  const packages = all.slice(0, foreignLimits.components);
  const relations = items(member(root, "relationships")).map(relationOf);
  const described = describedIds(root, relations);
  const subject = packages.find((one) => described.has(textAt(one, "SPDXID")));
  const owners = ownersOf(packages, relations);
  const isImage = textAt(subject, "primaryPackagePurpose") === "CONTAINER" || purlOf(subject)?.startsWith("pkg:oci/");
  const name = textAt(subject, "name") || textAt(root, "name");
  const contains = new Set(relations.filter(({ type }) => type !== "DESCRIBES").map(({ from }) => from));
  return {
    format: "spdx",
    source: { kind: isImage || /Image/.test(textAt(subject, "SPDXID")) ? "image" : "directory", name },
    components: packages.map((one) => {
      const id = textAt(one, "SPDXID");
      // The source itself, not software in it; a document may describe one library alone.
      const isSubject = described.has(id) && contains.has(id) && (purlOf(one)?.startsWith("pkg:oci/") ?? true);
      return componentOf(one, { isSubject, ownedBy: owners.get(id) ?? null });
    }),
    problems: [...tooMany(all.length), ...incompleteness(root)],
  };
}

interface Relation {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly comment: string;
}

function relationOf(value: unknown): Relation {
  return {
    from: textAt(value, "spdxElementId"),
    to: textAt(value, "relatedSpdxElement"),
    type: textAt(value, "relationshipType"),
    comment: textAt(value, "comment"),
  };
}

function describedIds(root: unknown, relations: readonly Relation[]): Set<string> {
  const told = items(member(root, "documentDescribes")).map(text);
  const related = relations.filter(({ type, from }) => type === "DESCRIBES" && from === "SPDXRef-DOCUMENT");
  return new Set([...told, ...related.map(({ to }) => to)]);
}

/** Syft says so which language packages are files of OS packages. */
function ownersOf(packages: readonly unknown[], relations: readonly Relation[]): Map<string, string> {
  const purls = new Map(packages.map((one) => [textAt(one, "SPDXID"), purlOf(one)]));
  const owned = relations.filter(
    ({ type, comment }) => type === "OTHER" && comment.startsWith("ownership-by-file-overlap"),
  );
  return new Map(
    owned.flatMap(({ from, to }) => {
      const purl = purls.get(from) ?? null;
      return purl !== null && /^pkg:(deb|rpm|apk|alpine)\//.test(purl) ? [[to, purl] as const] : [];
    }),
  );
}

function componentOf(
  value: unknown,
  { isSubject, ownedBy }: { readonly isSubject: boolean; readonly ownedBy: string | null },
): ForeignComponent {
  const purpose = textAt(value, "primaryPackagePurpose");
  const id = textAt(value, "SPDXID");
  const isDistro = /^OPERATING[-_]SYSTEM$/.test(purpose) || id.startsWith("SPDXRef-OperatingSystem-");
  const info = textAt(value, "sourceInfo");
  const notes = [
    ...items(member(value, "attributionTexts")).map(text),
    ...items(member(value, "annotations")).map((one) => textAt(one, "comment")),
  ];
  const refs = items(member(value, "externalRefs")).map(
    (one) => [textAt(one, "referenceType"), textAt(one, "referenceLocator")] as const,
  );
  return {
    purl: purlOf(value),
    name: textAt(value, "name"),
    version: textAt(value, "versionInfo"),
    kind: isDistro ? "distro" : software.has(purpose) && !isSubject && !isGroup(id, value) ? "package" : "other",
    paths: pathsOf(value, info),
    licenses: licensesOf(value),
    layer: layerOf(notes, info),
    sourcePackage: sourceOf(info),
    ownedBy,
    // Clair tells the distro in references of its own.
    properties: new Map(refs.filter(([type]) => type !== "purl")),
  };
}

/** Trivy groups packages under their source and their lockfiles. */
function isGroup(id: string, value: unknown): boolean {
  return /^SPDXRef-(ContainerImage|Filesystem|Repository|Application)-/.test(id) && purlOf(value) === null;
}

function purlOf(value: unknown): string | null {
  const refs = items(member(value, "externalRefs"));
  const purl = refs.find((one) => textAt(one, "referenceType") === "purl");
  return purl === undefined ? null : textAt(purl, "referenceLocator");
}

/** Trivy: `built package from: openssl 1:1.0.2k-16.el7`; ours: `built from openssl@3.0`. */
function sourceOf(info: string): ForeignComponent["sourcePackage"] {
  const match = /^built package from: (\S+) (\S+)$/.exec(info) ?? /built from ([^\s,]+)@([^\s,@]+)/.exec(info);
  return match === null ? null : { name: match[1] ?? "", version: match[2] ?? "" };
}

/** Syft: `acquired package info from …: /lib/apk/db/installed`; ours: `found by …, at lib/apk/db/installed, …`. */
function pathsOf(value: unknown, info: string): string[] {
  const syft = /^acquired package info from [^:]*: (.+)$/.exec(info)?.[1]?.split(", ") ?? [];
  const own = [...info.matchAll(/, at ([^,]+)/g)].map(([, path = ""]) => path);
  return [textAt(value, "packageFileName"), ...syft, ...own].filter((path) => path !== "");
}

function layerOf(notes: readonly string[], info: string): ForeignComponent["layer"] {
  const words = [
    ...notes.flatMap((note) => /^LayerDiffID: (\S+)/.exec(note)?.[1] ?? []),
    /in layer (\S+?)(?:,|$)/.exec(info)?.[1],
  ];
  return words.map((word) => parseDiffId(word)).find((layer) => layer !== null) ?? null;
}

function licensesOf(value: unknown): string[] {
  const words = [textAt(value, "licenseDeclared"), textAt(value, "licenseConcluded")];
  return words.filter((word) => word !== "" && word !== "NOASSERTION" && word !== "NONE").slice(0, 1);
}

function tooMany(count: number): Problem[] {
  if (count <= foreignLimits.components) return [];
  const message = `there are more than ${foreignLimits.components} packages: the rest of the SBOM was not read`;
  return [{ level: "incomplete", code: "sbom-too-large", message }];
}

/** Our own writer says so in the document's comment. */
function incompleteness(root: unknown): Problem[] {
  if (!textAt(root, "comment").startsWith("This document is incomplete.")) return [];
  return [{ level: "incomplete", code: "sbom-incomplete", message: "the SBOM says of itself that it is incomplete" }];
}
