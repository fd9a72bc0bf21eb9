import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { VersionScheme } from "@plimsoll/model";
import { sharedData } from "@plimsoll/testkit";
import nodeSemver from "semver";
import { describe, expect, it } from "vitest";
import { compareVersions, parseVersion } from "./index.ts";

type Pair = readonly [string, string];

interface Oracle {
  readonly name: string;
  readonly scheme: VersionScheme;
  /** Archive in the feeds' folder → how versions look in it (first group). */
  readonly feeds: Readonly<Record<string, RegExp>>;
  /** Why it cannot be asked here; null = it can. */
  readonly absent: string | null;
  /** Versions it defines an order for; others are left out. */
  readonly accepts?: (version: string) => boolean;
  /** `<`, `=`, `>` or `?` (cannot be read) for each pair. */
  readonly ask: (pairs: readonly Pair[]) => readonly string[];
}

const pairCount = 4000;
const event = /"(?:introduced|fixed|last_affected)": *"([^"]+)"/g;
const listed = /^ *"(\d[^"\s]*)",?$/gm;
const osv = new RegExp(`${event.source}|${listed.source}`, "gm");
const script = (name: string): string => join(import.meta.dirname, "..", "testdata", "oracles", name);

const python = ["python3", "/usr/bin/python3"].find((program) =>
  runs(program, ["-c", "try:\n import packaging.version\nexcept ImportError:\n import pip._vendor.packaging.version"]),
);
const mavenJars = ["maven-artifact-3.x.jar", "commons-lang3.jar"].map((jar) => join("/usr/share/maven/lib", jar));
const composerLibrary = "/usr/share/php/Composer/Semver/autoload.php";

const oracles: readonly Oracle[] = [
  {
    name: "dpkg --compare-versions",
    scheme: "deb",
    feeds: {
      "debian-security-tracker-lists-2023-04-02.tar.zst": /^\s+(?:\[\w+\] )?- \S+ (\d[^\s<(]*)/gm,
      "ubuntu-usn-oval.tar.zst": /datatype="debian_evr_string"[^>]*>([^<\s]+)</g,
    },
    absent: runs("dpkg", ["--version"]) ? null : "no dpkg",
    ask: (pairs) => askLines("sh", [script("dpkg.sh")], pairs),
  },
  {
    name: "rpm's version objects",
    scheme: "rpm",
    feeds: {
      "almalinux-osv.tar.zst": event,
      "rocky-errata-2025-01-24.tar.zst": /-(\d+:[^"\s-]+-[^"\s-]+)\.(?:x86_64|noarch|aarch64|src)\.rpm"/g,
    },
    absent: runs("rpm", ["--eval", "%{lua: rpm.ver('1')}"]) ? null : "no rpm with rpm.ver",
    ask: askRpm,
  },
  {
    name: "Python packaging",
    scheme: "pep440",
    feeds: { "ghsa-pip-2025-02.tar.zst": osv, "pypa-advisory-database.tar.zst": /^ +- ["']?(\d[^\s"']*)["']?$/gm },
    absent: python === undefined ? "no Python with packaging" : null,
    ask: (pairs) => askLines(python ?? "", [script("packaging.py")], pairs),
  },
  {
    name: "node-semver",
    scheme: "semver",
    feeds: { "ghsa-npm-2025-02-18.tar.zst": osv, "ghsa-cargo-2025-02.tar.zst": osv, "golang-vulndb-osv.tar.zst": osv },
    absent: null,
    // 3.6.40.0.0-2026… (a typing error upstream): its loose form reads 3.6.4 with the label 0.0.0-2026…
    accepts: (version) => nodeSemver.valid(version, true) !== null && !/^\d+\.\d+\.\d+\./.test(version),
    ask: (pairs) => pairs.map(([a, b]) => sign(nodeSemver.compare(a, b, true))),
  },
  {
    name: "Gem::Version",
    scheme: "gem",
    feeds: {
      "ghsa-rubygems-2025-02.tar.zst": osv,
      "rubysec-advisory-db.tar.zst": /[<>=~] (\d[\w.-]*)(?=["',])/g,
    },
    absent: runs("ruby", ["--version"]) ? null : "no ruby",
    ask: (pairs) => askLines("ruby", [script("gem.rb")], pairs),
  },
  {
    name: "Maven's ComparableVersion",
    scheme: "maven",
    feeds: { "ghsa-maven-2025-02-14.tar.zst": osv },
    absent: runs("java", ["-version"]) && mavenJars.every((jar) => existsSync(jar)) ? null : "no Java or no Maven",
    ask: askMaven,
  },
  {
    name: "Composer's VersionParser and PHP version_compare",
    scheme: "composer",
    feeds: { "ghsa-composer-2025-02.tar.zst": osv },
    absent: runs("php", ["--version"]) && existsSync(composerLibrary) ? null : "no PHP or no composer/semver",
    // Named branches have no order: ours refuses them, Composer's sorts them by accident of the letters.
    accepts: (version) => !version.startsWith("dev-"),
    ask: (pairs) => askLines("php", [script("composer.php")], pairs),
  },
];

describe.each(oracles)("$scheme against $name", (oracle) => {
  const archives = Object.keys(oracle.feeds).filter((feed) => sharedData("feeds", feed) !== null);
  const reason = oracle.absent ?? (archives.length === 0 ? "no feeds beside the checkout" : null);
  const title = reason === null ? `agrees on ${pairCount} real pairs` : `agrees on real pairs (skipped: ${reason})`;

  it.skipIf(reason !== null)(
    title,
    () => {
      const versions = realVersions(oracle);
      const pairs = pairsOf(versions);
      expect(pairs.length).toBeGreaterThan(1000);
      const theirs = oracle.ask(pairs);
      expect(theirs).toHaveLength(pairs.length);
      const differing = pairs.flatMap(([a, b], at) => {
        const ours = sign(compareVersions(oracle.scheme, a, b));
        return ours === theirs[at] ? [] : [`${a} ${ours} ${b}, not ${theirs[at]}`];
      });
      expect(differing).toEqual([]);
      const unread = versions.filter((text) => parseVersion(oracle.scheme, text) === null);
      expect(unread.length / versions.length).toBeLessThan(0.01);
    },
    120_000,
  );
});

function realVersions({ feeds, accepts = () => true }: Oracle): string[] {
  const found = new Set<string>();
  for (const [feed, pattern] of Object.entries(feeds)) {
    const path = sharedData("feeds", feed);
    if (path === null) continue;
    const text = zstdDecompressSync(readFileSync(path)).toString("latin1");
    for (const match of text.matchAll(pattern)) {
      const version = match.slice(1).find((group) => group !== undefined) ?? "";
      if (/^[\x21-\x7e]+$/.test(version) && accepts(version)) found.add(version);
    }
  }
  return [...found].sort();
}

/** Half are neighbours in text order (near each other), half come from a fixed sequence of pseudo-random numbers. */
function pairsOf(versions: readonly string[]): Pair[] {
  let state = 20_251;
  const next = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return versions[state % versions.length] ?? "";
  };
  const step = Math.max(1, Math.floor((versions.length - 1) / (pairCount / 2)));
  const near = versions.slice(0, -1).map((version, at): Pair => [version, versions[at + 1] ?? ""]);
  const chosen = near.filter((_, at) => at % step === 0).slice(0, pairCount / 2);
  while (chosen.length < pairCount) chosen.push([next(), next()]);
  return chosen;
}

function sign(order: number | null): string {
  if (order === null) return "?";
  return order < 0 ? "<" : order > 0 ? ">" : "=";
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function run(program: string, args: readonly string[], input = ""): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 2 ** 26 });
  expect(status, stderr).toBe(0);
  return stdout.split("\n").filter((line) => line !== "");
}

function askLines(program: string, args: readonly string[], pairs: readonly Pair[]): string[] {
  return run(program, args, pairs.map((pair) => `${pair.join("\t")}\n`).join(""));
}

function askRpm(pairs: readonly Pair[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-rpm-"));
  try {
    const file = join(folder, "pairs");
    writeFileSync(file, pairs.map((pair) => `${pair.join("\t")}\n`).join(""));
    const code = readFileSync(script("rpm.lua"), "utf8").replaceAll("pairs_file", JSON.stringify(file));
    // Its print ends lines in some releases of rpm and not in others.
    return [...run("rpm", ["--eval", `%{lua:${code}}`]).join("")];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its main method compares each argument with the one before it. */
function askMaven(pairs: readonly Pair[]): string[] {
  const main = "org.apache.maven.artifact.versioning.ComparableVersion";
  const lines = run("java", ["-cp", mavenJars.join(":"), main, ...pairs.flat()]);
  const orders = lines
    .filter((line) => line.startsWith("   "))
    .map((line) => line.split(" ").at(-2)?.slice(0, 1) ?? "?");
  return orders.filter((_, at) => at % 2 === 0);
}
