import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixStates, versionSchemes } from "../../../packages/model/src/index.ts";
import { buildFromRecords } from "../../../packages/vulndb/src/build.ts";
import { openVulndb } from "../../../packages/vulndb/src/open-vulndb.ts";
import { dbStatus } from "../../../packages/vulndb/src/status.ts";
import { guarded } from "../../../packages/vulndb/src/store/open-database.ts";
import {
  epssOf,
  exploitOf,
  factsOfAdvisory,
  kevOf,
  type Row,
  ratingOf,
  rowOfAffected,
} from "../../../packages/vulndb/src/store/read-rows.ts";
import { records } from "../../../packages/vulndb/src/testing/sample-records.ts";
import { mutatePages } from "../mutate-binary.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { orRefused, promise, sizeOf } from "../promises.ts";
import { scratchFile } from "../scratch-file.ts";
import type { FuzzTarget } from "../target.ts";

async function smallDatabase(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-fuzz-db-"));
  try {
    await buildFromRecords(records, { out: join(folder, "db"), now: Date.parse("2026-01-01") });
    return readFileSync(join(folder, "db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const words = new Map(["npm", "semver", "fixed", "high", "x86_64", "github"].map((word, index) => [index + 1, word]));

/** One row of every column that any reader asks for. */
const wholeRow = {
  ...{ id: "GHSA-1", feed: "ghsa", vulnerability: "CVE-2021-1", provider: 6, title: "text", flaws: "CVE-1\nCVE-2" },
  ...{ scheme: 2, source: 1, fix_state: 3, severity: 4, arch: 5, module: null, advisory_severity: 4, rejected: 0 },
  ...{ ranges: [["0", "1"], [null, null, "3"], ["5", null, null, "4"], []], versions: ["9"], links: ["https://a.b"] },
  cvss: [{ version: "3.1", score: 7.2, vector: "CVSS:3.1/AV:N", exploitabilityScore: 1, impactScore: 2.5 }],
  ...{ published: 18_000, modified: 1_700_000_000, fix_date: 1, withdrawn: 2 },
  ...{ score: 900, percentile: 99_000, date: 19_000, added: "2022-01-01", due: "2022-01-15", ransomware: 1, count: 3 },
};

/** A row as SQLite gives it: lists are their JSON. */
function rowOf(input: Buffer): Row {
  const row: unknown = JSON.parse(input.toString("utf8"));
  if (typeof row !== "object" || row === null) throw new SyntaxError("no row");
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

const readers: readonly ((row: Row) => unknown)[] = [
  (row) => factsOfAdvisory(row, words),
  (row) => {
    const affected = rowOfAffected(row, { words, ecosystem: "npm", name: "lodash" });
    promise(versionSchemes.includes(affected.scheme) && fixStates.includes(affected.fixState), "an unknown word");
    const texts = [...(affected.versions ?? []), ...affected.ranges.flatMap((range) => Object.values(range))];
    promise(
      texts.every((text) => typeof text === "string"),
      "a version that is no text",
    );
    return affected;
  },
  (row) => {
    const rating = ratingOf(row, words);
    promise(rating.cvss?.every(({ score }) => score >= 0 && score <= 10) ?? true, "a score of none");
    return rating;
  },
  ...[epssOf, kevOf, exploitOf],
];

/** The database that a scan reads. */
export const databaseTargets: readonly FuzzTarget[] = [
  {
    name: "vulndb-file",
    scope: [
      "packages/vulndb/src/open-vulndb.ts",
      "packages/vulndb/src/status.ts",
      "packages/vulndb/src/store/open-database.ts",
      "packages/vulndb/src/store/read-rows.ts",
    ],
    mutators: [mutatePages, mutatePages, mutateBytes],
    maxBytes: 524_288,
    seeds: async () => [await smallDatabase()],
    run: (input) =>
      orRefused(() => {
        const path = scratchFile(input);
        using db = openVulndb(path);
        const rows = [...db.affected("npm", "lodash"), ...db.affected("almalinux:8", "parfait")];
        const advisories = rows.map(({ advisory }) => advisory);
        const facts = ["CVE-2021-23337", "CVE-2021-1"].map((id) => db.facts(db.group(id)));
        const value = JSON.stringify([dbStatus(path), db.coverage("npm"), rows, advisories, facts]);
        promise(value.length < 10_000_000, "much answered");
        return { shape: `open ${sizeOf(rows.length)} ${sizeOf(value.length)}`, value };
      }),
  },
  {
    name: "vulndb-rows",
    scope: ["packages/vulndb/src/store/read-rows.ts", "packages/vulndb/src/store/stored-values.ts"],
    mutators: [mutateJson, mutateJson, mutateBytes],
    share: 0.5,
    maxBytes: 16_384,
    seeds: async () => [Buffer.from(JSON.stringify(wholeRow))],
    run: async (input) => {
      const outcomes = readers.map((read) =>
        orRefused(() => ({ shape: "ok", value: guarded("file", () => read(rowOf(input))) })),
      );
      const ended = await Promise.all(outcomes);
      return { shape: ended.map(({ shape }) => shape).join(" "), value: JSON.stringify(ended) };
    },
  },
];
