import { describe, expect, it } from "vitest";
import type { Feed, Upstream } from "../feed.ts";
import { kev } from "../feeds/kev/feed.ts";
import { days, monday, newData, statusOf, updateStage } from "../testing/update-stage.ts";

const stage = updateStage();
const { update } = stage;

describe("what is wanted", () => {
  const feed = (upstreams: readonly Upstream[] | Error): Feed => ({
    ...kev,
    id: "made-up",
    provides: "advisories",
    upstream: async () => {
      if (upstreams instanceof Error) throw upstreams;
      return upstreams;
    },
  });
  const document = (file: string, more: Partial<Upstream> = {}): Upstream => ({
    url: `https://example.com/${file}`,
    file,
    ecosystems: ["npm"],
    ...more,
  });

  it("names the keys nothing is downloaded for", async () => {
    stage.serve("/example.com/a.json", { body: newData });
    const report = await update({ wanted: ["npm", "amzn:2", "npm"], feeds: [feed([document("a.json")])] });
    expect(report).toMatchObject({ uncovered: ["amzn:2"], problems: [] });
  });

  it("an optional document may be absent, a missing one of advisories makes the answer incomplete", async () => {
    const feeds = [feed([document("a.json", { optional: true }), document("b.json")])];
    const report = await update({ feeds });
    expect(report.feeds).toMatchObject([
      { status: "unavailable", documents: [{ status: "absent" }, { status: "unavailable" }] },
    ]);
    expect(report.problems).toMatchObject([{ level: "incomplete", code: "feed-unavailable", path: "b.json" }]);
  });

  it("asks about a document only after its fresh days", async () => {
    stage.serve("/example.com/a.json", { body: newData });
    const feeds = [feed([document("a.json", { freshDays: 6 })])];
    await update({ feeds });
    await update({ feeds, now: () => monday + days(5) });
    expect(stage.upstream.seen).toHaveLength(1);
    await update({ feeds, now: () => monday + days(7) });
    expect(stage.upstream.seen).toHaveLength(2);
  });

  it("an index that cannot be read leaves the copies of before", async () => {
    stage.serve("/example.com/a.json", { body: newData });
    expect(statusOf(await update({ feeds: [feed(new Error("no index"))] }))).toEqual(["made-up unavailable"]);
    await update({ feeds: [feed([document("a.json")])] });
    expect(statusOf(await update({ feeds: [feed(new Error("no index"))] }))).toEqual(["made-up kept-old"]);
  });

  it.each(["../evil.json", ".hidden", "a/b.json", ""])("never writes to the name %j", async (file) => {
    expect((await update({ feeds: [feed([document(file)])] })).feeds).toEqual([]);
  });
});
