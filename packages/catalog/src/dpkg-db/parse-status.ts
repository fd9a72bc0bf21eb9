import type { PackageFact, Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { isWord } from "../decode-text.ts";
import { type Paragraph, paragraphsOf } from "../paragraphs.ts";

const fields = ["package", "status", "version", "architecture", "source", "maintainer"] as const;
type Field = (typeof fields)[number];

/** Characters kept of a maintainer; the longest in Debian has some 150. */
const longestVendor = 300;

/** The whole database, which dpkg ends with a line feed, or a file for one package (`status.d/`), which may lack it. */
export type StatusKind = "database" | "package";

/**
 * Installed packages of a dpkg status file or of one `status.d/` file (deb-control(5), dpkg(1) "Package states").
 * Everything with files on disk counts, half-installed states too; `config-files` and `not-installed` do not.
 * Damage is an `incomplete` Problem: what lies beyond it is unknown.
 */
export function parseStatus(text: string, kind: StatusKind): Facts {
  const packages: PackageFact[] = [];
  let damaged = 0;
  let lastIsDamaged = false;
  for (const paragraph of paragraphsOf(text, fields)) {
    lastIsDamaged = false;
    const { package: name, version } = paragraph;
    if (!isInstalled(paragraph)) continue;
    if (isWord(name) && isWord(version)) packages.push(toFact(name, version, paragraph));
    else {
      damaged += 1;
      lastIsDamaged = true;
    }
  }
  const isCut = kind === "database" && packages.length > 0 && !text.endsWith("\n");
  return { packages, problems: problemsOf(text, { damaged, lastIsDamaged, isCut, read: packages.length }) };
}

/** `status.d/` files of distroless images may have no Status line: being there means installed. */
function isInstalled({ status }: Paragraph<Field>): boolean {
  const state = status?.trim().split(/\s+/).at(-1);
  return state !== "config-files" && state !== "not-installed";
}

function toFact(name: string, version: string, paragraph: Paragraph<Field>): PackageFact {
  const arch = paragraph.architecture;
  const source = sourceOf(paragraph.source, { name, version });
  return {
    ecosystem: "deb",
    name,
    version,
    ...(isWord(arch) && { arch }),
    ...(source !== null && { source }),
    ...(paragraph.maintainer && { vendor: paragraph.maintainer.slice(0, longestVendor) }),
    kind: "installed",
  };
}

type Named = { readonly name: string; readonly version: string };

/** `Source: name` or `Source: name (version)` (deb-control(5)); `null` when it says nothing new. */
function sourceOf(text: string | undefined, binary: Named): Named | null {
  const match = /^(\S+)(?:\s+\(([^()\s]+)\))?$/.exec(text?.trim() ?? "");
  if (match === null) return null;
  const source = { name: match[1] ?? "", version: match[2] ?? binary.version };
  return source.name === binary.name && source.version === binary.version ? null : source;
}

interface Seen {
  readonly damaged: number;
  readonly lastIsDamaged: boolean;
  readonly isCut: boolean;
  readonly read: number;
}

function problemsOf(text: string, seen: Seen): Problem[] {
  const next = "rebuild the image, or check that its package database is whole";
  if (seen.damaged > 0) {
    const where = seen.lastIsDamaged && !text.endsWith("\n") ? ", the last one cut off" : "";
    const message = `dpkg database damaged: ${seen.damaged} entries without name or version${where}`;
    return [{ level: "incomplete", code: "package-database-damaged", message, next }];
  }
  if (seen.isCut) {
    const message = "dpkg database damaged: it ends in the middle of a line";
    return [{ level: "incomplete", code: "package-database-damaged", message, next }];
  }
  if (seen.read === 0 && text.trim() !== "" && !/^package:/im.test(text)) {
    const message = "dpkg database not understood: no package entry in it";
    return [{ level: "incomplete", code: "package-database-damaged", message, next }];
  }
  return [];
}
