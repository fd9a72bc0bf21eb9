/**
 * The match-quality gate. Golden files and labels were checked against the publishers' documents (testdata/README.md);
 * here the whole chain has to reproduce them: feeds → database → evaluation.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "@plimsoll/evaluate";
import type { Distro, Finding, Report } from "@plimsoll/model";
import { golden, repositoryRoot, sharedData } from "@plimsoll/testkit";
import { type KnowledgeBase, openStarter } from "@plimsoll/vulndb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GoldenRow, goldenText, matchOf, rowsOf } from "./golden-rows.ts";
import { isFound, type Label, readLabels, titleOf } from "./labels.ts";
import { buildKnowledge } from "./shared-knowledge.ts";
import { readTargets, sbomOf, type Target, testdata } from "./targets.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const from = sharedData("feeds");
const targets = readTargets();
const labels = readLabels();
const note = join(repositoryRoot, "packages", "vulndb", "assets", "starter", "starter.json");
const shipped = new Set(
  (JSON.parse(readFileSync(note, "utf8")) as { feeds: { id: string }[] }).feeds.map(({ id }) => id),
);
const folder = mkdtempSync(join(tmpdir(), "plimsoll-matches-"));
const opened: KnowledgeBase[] = [];

afterAll(() => {
  for (const knowledge of opened) knowledge[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const goldenPath = (target: string) => join(testdata, "golden", `${target}.json`);
const goldenRows = (target: string) => JSON.parse(readFileSync(goldenPath(target), "utf8")) as GoldenRow[];

function reportOn(target: Target, knowledge: KnowledgeBase): Report {
  return evaluate(sbomOf(target), knowledge, { now, stage: "pipeline" });
}

/** Findings of one package that another finding of the same package names as an alias. */
function toldTwice({ findings }: Report): Finding[] {
  return findings.filter((finding) =>
    findings.some((other) => other.packageId === finding.packageId && other.aliases.includes(finding.vulnerability)),
  );
}

describe("golden files and labels", () => {
  const count = (expected: boolean) => labels.filter((label) => label.expected === expected).length;

  it(`are enough to judge by: ${count(true)} true matches, ${count(false)} false ones`, () => {
    expect(count(true)).toBeGreaterThanOrEqual(50);
    expect(count(false)).toBeGreaterThanOrEqual(50);
    expect(new Set(labels.map(titleOf)).size).toBe(labels.length);
  });

  it.each(targets)("name each match of $name once", ({ name }) => {
    const matches = goldenRows(name).map((row) => `${row.package} ${row.version} ${row.vulnerability}`);
    expect(matches.length).toBeGreaterThanOrEqual(10);
    expect(new Set(matches).size).toBe(matches.length);
  });
});

const withFeeds = `matches by the shared feeds${from === null ? " (skipped: ../shared/data is absent)" : ""}`;
describe.skipIf(from === null)(withFeeds, () => {
  let knowledge: KnowledgeBase;
  beforeAll(async () => {
    knowledge = await buildKnowledge(from ?? "", { folder, now });
    opened.push(knowledge);
  }, 300_000);

  it.each(targets)("are the golden ones for $name", (target) => {
    const report = reportOn(target, knowledge);
    golden(goldenPath(target.name), goldenText(rowsOf(report)));
    expect(toldTwice(report)).toEqual([]);
    expect(report.knowledge.packagesNotJudged).toBe(0);
  });

  it.each(labelled(labels))("%s", (_, label) => {
    expect(isFound(knowledge, label, now)).toBe(label.expected);
  });
});

describe("matches by the starter knowledge", () => {
  let knowledge: KnowledgeBase;
  beforeAll(async () => {
    knowledge = await openStarter(folder);
    opened.push(knowledge);
  });

  it.each(targets.filter(({ distro }) => isShipped(distro)))("miss no golden one of $name", (target) => {
    const found = new Set(rowsOf(reportOn(target, knowledge)).map(matchOf));
    const golden = goldenRows(target.name).map(matchOf);
    expect(golden.filter((match) => !found.has(match))).toEqual([]);
  });

  it.each(labelled(labels.filter(isInStarter)))("%s", (_, label) => {
    expect(isFound(knowledge, label, now)).toBe(label.expected);
  });
});

/** Labels of a feed hold where the feed is; the others where their distro's feeds are. */
function isInStarter({ feed, distro }: Label): boolean {
  return feed === undefined ? isShipped(distro) : shipped.has(feed);
}

/** The terms of Ubuntu's notices do not allow to ship them. */
function isShipped(distro: Distro | null): boolean {
  return distro?.id !== "ubuntu";
}

function labelled(chosen: readonly Label[]): (readonly [string, Label])[] {
  return chosen.map((label) => [titleOf(label), label]);
}
