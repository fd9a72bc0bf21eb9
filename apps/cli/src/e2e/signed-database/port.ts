import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Advisory } from "@plimsoll/model";
import { type ChildResult, type ChildRun, runChild } from "@plimsoll/testkit";
import { buildFromRecords, newKeyPair, publishRevision, readSigningKey } from "@plimsoll/vulndb";
import { expect } from "vitest";

/** A publisher and a site that takes what is published, in a folder of their own. */
export interface Port {
  readonly folder: string;
  /** The repository that the publisher exports to. */
  readonly repository: string;
  /** `--dbpath` of the site, and its database. */
  readonly site: string;
  readonly database: string;
  /** Files of the key pairs: `harbour` signs, `stranger` is trusted by nobody. */
  readonly key: (name: string) => string;
  /** Runs the command line at a day of January 2026. */
  readonly run: (day: number, args: readonly string[], more?: Partial<ChildRun>) => Promise<ChildResult>;
  /** Builds the database of a day and publishes it. */
  readonly publish: (day: number) => Promise<void>;
  /** Builds the database of a day; its file. */
  readonly build: (day: number) => Promise<string>;
  /** Imports with the harbour's key. */
  readonly take: (day: number, from?: string, more?: readonly string[]) => Promise<ChildResult>;
  readonly revision: (day: number) => string;
  close(): void;
}

/** A port in a folder, or in a new one; made by the same code that the commands call. */
export function portIn(folder: string = mkdtempSync(join(tmpdir(), "plimsoll-port-"))): Port {
  const [repository, site] = [join(folder, "repository"), join(folder, "site")];
  const key = (name: string) => join(folder, name);
  const run: Port["run"] = (day, args, more = {}) => {
    return runChild({ args, ...more, env: { SOURCE_DATE_EPOCH: String(at(day) / 1000), ...more.env } });
  };
  const build = async (day: number) => {
    const out = join(folder, `day-${day}.sqlite`);
    rmSync(out, { force: true });
    await buildFromRecords(advisories(500 + day), { out, now: at(day) });
    return out;
  };
  return {
    folder,
    repository,
    site,
    key,
    run,
    build,
    database: join(site, "vulndb.sqlite"),
    publish: async (day) => {
      const terms = { expiresInDays: 10, keepDeltas: 14, level: 3, now: () => at(day) };
      const keys = [readSigningKey(key("harbour.key"))];
      await publishRevision({ ...terms, database: await build(day), folder: repository, keys });
    },
    take: (day, from = repository, more = []) =>
      run(day, ["db", "import", from, "-d", site, "--db-key", key("harbour.pub"), ...more]),
    revision: (day) => `202601${String(day).padStart(2, "0")}000000`,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes both key pairs. */
export function writeKeys({ key }: Port): void {
  for (const name of ["harbour", "stranger"]) {
    const { privatePem, publicPem } = newKeyPair();
    writeFileSync(key(`${name}.key`), privatePem);
    writeFileSync(key(`${name}.pub`), publicPem);
  }
}

function at(day: number): number {
  return Date.parse("2026-01-01T00:00:00Z") + (day - 1) * 86_400_000;
}

/** How an attempt has to end that must not succeed: the code, cheap, and nothing left of it. */
export function expectRefused(child: ChildResult, code: string): void {
  expect(child.stderr).toContain(`[${code}]`);
  expect(child.code).toBe(3);
  expect(child.filesLeft).toEqual([]);
  expect(child.peakRssBytes / 1e6).toBeLessThan(300);
  expect(child.wallMs).toBeLessThan(20_000);
}

/** Writes a file anew with some of its text exchanged. */
export function exchange(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function advisories(count: number): Advisory[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `CVE-2025-${String(index * 3).padStart(5, "0")}`;
    return {
      kind: "advisory",
      id,
      feed: "ghsa",
      provider: "github",
      vulnerabilities: [id],
      aliases: [],
      published: "2025-06-01",
      severity: "high",
      title: `Package ${index} does what it should not`,
      affected: [
        {
          ecosystem: "npm",
          name: index === 0 ? "lodash" : `package-${index % 90}`,
          nameKind: "source",
          scheme: "semver",
          ranges: [{ introduced: "0", fixed: `9.${index}.0` }],
          fixState: "fixed",
        },
      ],
    };
  });
}
