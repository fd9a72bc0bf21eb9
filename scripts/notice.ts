/** NOTICE, written by `npm run gen:docs`: what the starter knowledge was made of, of which date, under which terms. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";

/** A feed in the starter knowledge: its id and title, and the date of its data. */
export type StarterFeed = { readonly id: string; readonly title: string; readonly date: string };

/** The feeds that the shipped database says it was made of, sorted; none where none is shipped. */
export function readStarterFeeds(root: string): readonly StarterFeed[] {
  const [path] = globSync("packages/vulndb/assets/**/*.zst", { cwd: root });
  if (path === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-notice-"));
  try {
    const file = join(folder, "starter.sqlite");
    writeFileSync(file, zstdDecompressSync(readFileSync(join(root, path))));
    using db = new DatabaseSync(file, { readOnly: true });
    const rows = db.prepare("SELECT name, title, date FROM feed WHERE records > 0 ORDER BY name").all();
    return rows.map(({ name, title, date }) => ({
      id: String(name),
      title: String(title),
      date: String(date).slice(0, 10),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The whole file; a feed without known terms is an error, because its facts must not be shipped. */
export function noticeText(starter: readonly StarterFeed[], termsOf: ReadonlyMap<string, string>): string {
  const rows = starter.map(({ id, title, date }) => {
    const terms = termsOf.get(id);
    if (terms === undefined) throw new Error(`the starter knowledge holds ${id}, whose terms do not allow it`);
    return `  ${date}  ${title}: ${terms}`;
  });
  return [...head, ...(rows.length === 0 ? ["  (none is shipped yet)"] : rows), ...tail].join("\n");
}

const head = [
  "Plimsoll",
  "Copyright 2026 The Plimsoll authors",
  "",
  "Licensed under the Apache License, Version 2.0 (see LICENSE).",
  "",
  "",
  "Starter knowledge",
  "-----------------",
  "",
  "packages/vulndb/assets holds a vulnerability database made from public feeds. It holds facts only: identifiers,",
  "packages, version ranges, fixed versions, severities, scores, dates and aliases; no descriptions. Date of the newest",
  "data, feed and the terms it was published under:",
  "",
];

const tail = [
  "",
  "EPSS scores are those of FIRST.org (https://www.first.org/epss). This product uses data from the NVD API but is not",
  "endorsed or certified by the NVD.",
  "",
  "",
  "Bundled software",
  "----------------",
  "",
  "What scripts/build.ts bundles stays under its own licence; the build writes the licence comments of each chunk beside it",
  "(dist/cli/*.LEGAL.txt) and the scanner's licences in one file (dist/cli/LICENSES.txt); node_modules holds all texts.",
  "",
];
