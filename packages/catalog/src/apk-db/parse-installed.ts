import type { PackageFact, Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { isWord, linesOf } from "../decode-text.ts";

interface Block {
  readonly fields: Map<string, string>;
  readonly paths: string[];
  folder: string;
}

/**
 * Installed packages and the files they own, from apk's text database: blocks of `X:value` lines with blank lines
 * between (apk-tools, "Installed Database V2": P name, V version, A arch, o origin, L licence, F folder, R file in it).
 * Damage is an `incomplete` Problem.
 */
export function parseInstalled(text: string): Facts {
  const packages: PackageFact[] = [];
  const owns: { owner: string; paths: string[] }[] = [];
  let damaged = 0;
  for (const { fields, paths } of blocksOf(text)) {
    const fact = toFact(fields);
    if (fact === null) damaged += 1;
    else {
      packages.push(fact);
      owns.push({ owner: fact.name, paths });
    }
  }
  if (damaged > 0) return { packages, owns, problems: [damage(entriesLost(damaged, packages.length))] };
  // apk ends every entry with a blank line; what stops within a line may have lost any number of them.
  const isCut = packages.length > 0 && !text.endsWith("\n");
  return { packages, owns, problems: isCut ? [damage("it ends in the middle of a line")] : [] };
}

function* blocksOf(text: string): Generator<Block> {
  let block: Block | null = null;
  for (const line of linesOf(text)) {
    if (line.trim() === "") {
      if (block !== null) yield block;
      block = null;
    } else {
      block ??= { fields: new Map(), paths: [], folder: "" };
      addLine(block, line);
    }
  }
  if (block !== null) yield block;
}

function addLine(block: Block, line: string): void {
  if (line.charAt(1) !== ":") return;
  const value = line.slice(2);
  switch (line.charAt(0)) {
    case "F":
      block.folder = value;
      return;
    case "R":
      block.paths.push(block.folder === "" ? value : `${block.folder}/${value}`);
      return;
    case "P":
    case "V":
    case "A":
    case "o":
    case "L":
      block.fields.set(line.charAt(0), value);
  }
}

function toFact(fields: ReadonlyMap<string, string>): PackageFact | null {
  const name = fields.get("P");
  const version = fields.get("V");
  if (!isWord(name) || !isWord(version)) return null;
  const arch = fields.get("A");
  const origin = fields.get("o");
  const license = fields.get("L")?.trim() ?? "";
  return {
    ecosystem: "apk",
    name,
    version,
    ...(isWord(arch) && { arch }),
    ...(isWord(origin) && origin !== name && { source: { name: origin, version } }),
    ...(license !== "" && { licenses: [license] }),
    kind: "installed",
  };
}

function entriesLost(blocks: number, read: number): string {
  return `${blocks} of ${blocks + read} entries without name or version`;
}

function damage(what: string): Problem {
  const message = `apk database damaged: ${what}`;
  const next = "rebuild the image, or check that its package database is whole";
  return { level: "incomplete", code: "package-database-damaged", message, next };
}
