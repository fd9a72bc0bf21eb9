import type { PackageFact, Problem } from "@plimsoll/model";
import { isWord } from "../decode-text.ts";
import type { ZipEntry } from "../zip-file.ts";
import { partsOfFileName } from "./archive-name.ts";
import type { Coordinates } from "./coordinates.ts";
import { coordinatesWithoutPom } from "./identify-without-pom.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { readPomProperties } from "./pom-properties.ts";
import { type Pom, readPom } from "./pom-xml.ts";

/** An opened archive, one level of it. */
export interface ArchiveContents {
  readonly entries: readonly ZipEntry[];
  /** `null` when an entry cannot be read (the reader has said so). */
  read(entry: ZipEntry): Buffer | null;
}

/**
 * The libraries one archive is made of. Maven's own files name them exactly, several in a shaded jar; where there are
 * none, or none of them is the jar itself, the manifest and the file name must do.
 */
export function identify(path: string, archive: ArchiveContents): { packages: PackageFact[]; problems: Problem[] } {
  const poms = readPoms(archive);
  const own = isNamedByPoms(path, poms) ? null : ownCoordinates(path, archive, poms);
  const named = own === null ? [] : [own, ...distributionOf(path, own)];
  const packages = [...poms, ...named.map((one) => ({ ...one, licenses: [] }))].map(toFact);
  return { packages, problems: packages.filter(({ version }) => version === "").map(unversioned) };
}

const pomFile = /^META-INF\/maven\/(?:[^/]+\/){1,3}pom\.(properties|xml)$/;

function readPoms({ entries, read }: ArchiveContents): Pom[] {
  const byFolder = new Map<string, { properties?: ZipEntry; xml?: ZipEntry }>();
  for (const entry of entries) {
    const kind = entry.name.startsWith("META-INF/maven/") ? pomFile.exec(entry.name)?.[1] : undefined;
    if (kind === undefined) continue;
    const folder = entry.name.slice(0, entry.name.lastIndexOf("/"));
    byFolder.set(folder, { ...byFolder.get(folder), [kind]: entry });
  }
  return [...byFolder].flatMap(([folder, files]) => {
    const properties = readPomProperties((files.properties && read(files.properties)) ?? Buffer.alloc(0));
    const xml = readPom((files.xml && read(files.xml)) ?? Buffer.alloc(0));
    const [folderGroup, folderArtifact] = folder.split("/").slice(2);
    const group = firstWord(properties.group, xml.group, folderGroup);
    const artifact = firstWord(properties.artifact, xml.artifact, folderArtifact);
    const version = firstWord(properties.version, xml.version);
    return artifact === "" || group === "" ? [] : [{ group, artifact, version, licenses: xml.licenses }];
  });
}

function firstWord(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => isWord(text) && !text.includes("${")) ?? "";
}

/** One pom is the jar's own, whatever the file is called (`app.jar`); of several, one must fit the file's name. */
function isNamedByPoms(path: string, poms: readonly Pom[]): boolean {
  if (poms.length === 1) return true;
  const stem = partsOfFileName(path).artifact.toLowerCase();
  return poms.some(({ artifact }) => stem === artifact.toLowerCase() || stem.startsWith(`${artifact.toLowerCase()}-`));
}

function ownCoordinates(path: string, archive: ArchiveContents, poms: readonly Pom[]): Coordinates | null {
  const entry = archive.entries.find(({ name }) => name === "META-INF/MANIFEST.MF");
  const manifest: Manifest = readManifest((entry && archive.read(entry)) ?? Buffer.alloc(0));
  const found = coordinatesWithoutPom(path, manifest, archive.entries);
  // Beside poms (a shaded jar) only a full name counts; an archive that holds archives and no classes is no library.
  const isRequired = poms.length === 0 && archive.entries.some(({ name }) => name.endsWith(".class"));
  return found.version !== "" || isRequired ? found : null;
}

/**
 * Most advisories about Tomcat name the distribution (`org.apache.tomcat:tomcat`), which no jar is called: it is there
 * when the jar is that under the name the distribution gives it.
 */
function distributionOf(path: string, { group, version }: Coordinates): Coordinates[] {
  const isTomcat = group === "org.apache.tomcat" && /(?:^|\/)catalina\.jar$/.test(path);
  return isTomcat ? [{ group, artifact: "tomcat", version }] : [];
}

function toFact({ group, artifact, version, licenses }: Pom): PackageFact {
  return {
    ecosystem: "maven",
    name: `${group}:${artifact}`,
    version,
    ...(licenses.length > 0 && { licenses }),
    kind: "installed",
  };
}

function unversioned({ name }: PackageFact): Problem {
  return { level: "warning", code: "package-version-unknown", message: "Java archive names no version", package: name };
}
