import { type Limits, messageOf } from "@plimsoll/kit";
import { type Entry, headBytes, type Wish } from "@plimsoll/source";
import type { Cataloger, CatalogFile, Facts } from "../cataloger.ts";
import { keepFacts, ownedPathFilter } from "./keep-facts.ts";
import type { Evidence } from "./layer-facts.ts";

export interface ReadLayerOptions {
  readonly catalogers: readonly Cataloger[];
  readonly limits: Limits;
}

/** Evidence of one layer while it is read. */
export interface EvidenceStore {
  /** For what is neither file nor link: notes what presence alone says. */
  odd(entry: Entry): void;
  /** The strongest wish of all catalogers; notes what presence alone says and what is too large to be read. */
  wish(entry: Entry): Wish;
  claims(entry: Entry, head: Uint8Array): boolean;
  /** Parses at once; keeps no bytes. */
  body(entry: Entry, bytes: Uint8Array): void;
  forget(path: string): void;
  /** A second name for a file: what a cataloger found under the first one (if anything) holds for it. False when that cataloger never looked at the first. */
  share(from: string, to: string, cataloger: string): boolean;
  list(): Evidence[];
}

/** Starts an empty store. */
export function evidenceStore({ catalogers, limits }: ReadLayerOptions): EvidenceStore {
  const byPath = new Map<string, Map<string, Facts>>();
  // Thousands of paths, mostly wanted by one cataloger: its name alone costs no memory.
  const examined = new Map<string, string>();
  const filter = ownedPathFilter(catalogers);
  const isExamined = (path: string, cataloger: string): boolean =>
    examined.get(path)?.split(" ").includes(cataloger) ?? false;
  const note = (path: string, cataloger: string): void => {
    const before = examined.get(path);
    if (before === undefined) examined.set(path, cataloger);
    else if (!isExamined(path, cataloger)) examined.set(path, `${before} ${cataloger}`);
  };
  const add = (path: string, cataloger: string, facts: Facts): void => {
    note(path, cataloger);
    const found = byPath.get(path) ?? new Map<string, Facts>();
    byPath.set(path, found.set(cataloger, keepFacts(facts, filter)));
  };
  const wishOf = (entry: Entry, cataloger: Cataloger): Wish => {
    const seen = cataloger.seen?.(entry) ?? null;
    if (seen !== null) add(entry.path, cataloger.name, seen);
    const wish = cataloger.select(entry);
    if (wish === "ignore") return wish;
    note(entry.path, cataloger.name);
    if (wish === "head" || entry.size <= limits.fileBytes) return wish;
    add(entry.path, cataloger.name, tooLarge(entry, limits));
    return "ignore";
  };
  return {
    odd(entry) {
      for (const cataloger of catalogers) {
        const seen = cataloger.seen?.(entry) ?? null;
        if (seen !== null) add(entry.path, cataloger.name, seen);
      }
    },
    wish(entry) {
      let strongest: Wish = "ignore";
      for (const cataloger of catalogers) {
        const wish = wishOf(entry, cataloger);
        if (wish === "body" || (wish === "head" && strongest === "ignore")) strongest = wish;
      }
      return strongest;
    },
    claims(entry, head) {
      const claiming = catalogers.filter((one) => one.select(entry) === "head" && claimsHead(one, head, entry.path));
      if (entry.size <= limits.fileBytes) return claiming.length > 0;
      for (const cataloger of claiming) add(entry.path, cataloger.name, tooLarge(entry, limits));
      return false;
    },
    body(entry, bytes) {
      for (const cataloger of catalogers) {
        const wish = cataloger.select(entry);
        const isWanted =
          wish === "body" || (wish === "head" && claimsHead(cataloger, bytes.subarray(0, headBytes), entry.path));
        if (isWanted) add(entry.path, cataloger.name, parseGuarded(cataloger, { path: entry.path, bytes }, limits));
      }
    },
    forget(path) {
      if (examined.delete(path)) byPath.delete(path);
    },
    share(from, to, cataloger) {
      if (!isExamined(from, cataloger)) return false;
      const facts = byPath.get(from)?.get(cataloger);
      if (facts === undefined) note(to, cataloger);
      else add(to, cataloger, facts);
      return true;
    },
    list: () =>
      [...byPath].flatMap(([path, found]) => [...found].map(([cataloger, facts]) => ({ path, cataloger, facts }))),
  };
}

/** A plug-in that fails costs its own file, never the scan. */
export function parseGuarded(cataloger: Cataloger, file: CatalogFile, limits: Limits): Facts {
  try {
    return cataloger.parse(file, limits);
  } catch (cause) {
    return {
      problems: [
        {
          level: "incomplete",
          code: "cataloger-failed",
          message: `${cataloger.name} failed: ${messageOf(cause)}`,
          next: "report it with the file, if you may share it",
        },
      ],
    };
  }
}

function claimsHead(cataloger: Cataloger, head: Uint8Array, path: string): boolean {
  return cataloger.claims === undefined || cataloger.claims(head, path);
}

function tooLarge(entry: Entry, limits: Limits): Facts {
  const message = `not read: ${entry.size} bytes, the limit is ${limits.fileBytes}`;
  return {
    problems: [
      { level: "incomplete", code: "file-too-large", message, next: "raise the file size limit and scan again" },
    ],
  };
}
