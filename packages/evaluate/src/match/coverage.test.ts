import type { Distro, FeedState } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { ageProblems, coverageOf } from "./coverage.ts";
import { KnowledgeCache } from "./knowledge-cache.ts";

const knowledge = new KnowledgeCache(
  memoryKnowledge([
    advisory("A", [affected("npm x", [{ fixed: "2.0.0" }])]),
    advisory("D", [affected("debian:12 x", [])], { feed: "deb" }),
  ]),
);
const debian: Distro = { id: "debian", idLike: [], versionId: "12" };
const cover = (packages: Parameters<typeof packageSample>[0][], distro: Distro | null = debian) =>
  coverageOf(
    sbomSample({ distro, packages: packages.map((rest, index) => packageSample({ id: `p${index}`, ...rest })) }),
    knowledge,
  );

describe("coverageOf", () => {
  it("names the feeds that speak for something in the target, and only those", () => {
    expect(cover([{}]).feeds.map(({ id }) => id)).toEqual(["ghsa"]);
    expect(cover([{}, { ecosystem: "deb" }]).feeds.map(({ id }) => id)).toEqual(["deb", "ghsa"]);
    expect(cover([]).feeds).toEqual([]);
  });

  it("has one incomplete Problem for each ecosystem that no feed covers", () => {
    const { problems, notJudged } = cover([{ ecosystem: "gem" }, { ecosystem: "gem" }, { ecosystem: "pypi" }, {}]);
    expect(problems.map(({ level, code, message }) => [level, code, message])).toEqual([
      ["incomplete", "no-feed", "no loaded feed covers gem: 2 packages not judged"],
      ["incomplete", "no-feed", "no loaded feed covers pypi: 1 package not judged"],
    ]);
    expect(notJudged).toHaveLength(3);
  });

  it("is incomplete for OS packages of a release or distro that nobody covers", () => {
    const old = { ...debian, versionId: "9" };
    expect(cover([{ ecosystem: "deb" }], old).problems[0]?.message).toContain("no loaded feed covers debian:9");
    const unknown = cover([{ ecosystem: "deb" }], { ...debian, id: "myos" }).problems[0];
    expect(unknown).toMatchObject({ level: "incomplete", code: "unknown-distro" });
    expect(unknown?.message).toBe("no feed is known for myos 12: 1 OS package not judged");
    expect(cover([{ ecosystem: "deb" }], null).problems[0]?.message).toContain("no distribution was recognised");
  });

  it("counts files of an OS package to the distro", () => {
    const owned = { ecosystem: "gem" as const, ownedBy: "pkg:deb/debian/x@1" };
    expect(cover([owned, { ecosystem: "deb" }]).problems).toEqual([]);
    expect(cover([owned, { ecosystem: "deb" }], null).notJudged).toHaveLength(2);
  });

  it("does not ask for what a layer removed", () => {
    expect(cover([{ ecosystem: "gem", removedIn: "sha256:1" as never }]).problems).toEqual([]);
  });
});

describe("ageProblems", () => {
  const feed: FeedState = { id: "f", title: "Feed", date: "2024-01-01", records: 1 };
  const ages = { warnDays: 14, maxDays: 90 };
  const on = (date: string, feeds = [feed]) => {
    const { problems, changesAt } = ageProblems(feeds, ages, Date.parse(date));
    return [
      problems.map(({ level, code }) => `${level} ${code}`),
      Number.isFinite(changesAt) ? new Date(changesAt).toISOString() : null,
    ];
  };

  it.each([
    ["2024-01-15T23:59:59.999Z", [], "2024-01-16T00:00:00.000Z"],
    ["2024-01-16T00:00:00Z", ["warning knowledge-old"], "2024-04-01T00:00:00.000Z"],
    ["2024-03-31T23:59:59Z", ["warning knowledge-old"], "2024-04-01T00:00:00.000Z"],
    ["2024-04-01T00:00:00Z", ["incomplete knowledge-old"], null],
  ])("on %s", (date, problems, changes) => {
    expect(on(date)).toEqual([problems, changes]);
  });

  it("tells the feed, and says so when its age is unknown", () => {
    expect(on("2024-01-02", [{ ...feed, date: "" }])).toEqual([["warning knowledge-undated"], null]);
    expect(ageProblems([feed], ages, Date.parse("2025-01-01")).problems[0]).toMatchObject({
      feed: "f",
      message: "Feed is of 2024-01-01, more than 90 days old",
    });
  });
});
