/** Whether a name is that of an archive of Java classes (jar, web, enterprise, resource, plug-in archives). */
export function isArchiveName(path: string): boolean {
  const dot = path.length - 4;
  return path.charAt(dot) === "." && endings.has(path.slice(dot + 1).toLowerCase());
}

const endings: ReadonlySet<string> = new Set(["jar", "war", "ear", "jpi", "hpi", "par", "sar", "rar", "kar", "nar"]);

/** A file name taken apart as Maven names files: `ARTIFACT-VERSION.jar`; no version when the name has none. */
export interface FileNameParts {
  readonly artifact: string;
  readonly version: string;
}

/** Takes an archive's file name apart (folders and ending are dropped). */
export function partsOfFileName(path: string): FileNameParts {
  const stem = path.slice(path.lastIndexOf("/") + 1, -4);
  for (const { index } of stem.matchAll(/-(?=\d)/g)) {
    const version = stem.slice(index + 1);
    // `log4j-1.2-api-2.17.1`: what follows the first number is not a version but the rest of the name.
    if (index > 0 && !/-[A-Za-z]\w*-\d+\./.test(version)) return { artifact: stem.slice(0, index), version };
  }
  return { artifact: stem, version: "" };
}
