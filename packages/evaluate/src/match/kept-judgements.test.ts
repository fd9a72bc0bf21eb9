import { describe, expect, it } from "vitest";
import type { Judged } from "./judgements.ts";
import { keptJudgements } from "./kept-judgements.ts";

const judged = (...advisories: string[]): Judged => ({ flaws: [], advisories, versions: [] });

describe("keptJudgements", () => {
  it("keeps what was asked for, and only when something of it is new", () => {
    const first = keptJudgements(null);
    expect([first.get("a"), first.toKeep()]).toEqual([undefined, null]);
    first.set("a", judged("A"));
    first.set("b", judged());
    const second = keptJudgements(first.toKeep());
    expect([second.get("a"), second.get("c"), second.toKeep()]).toEqual([judged("A"), undefined, null]);
    second.set("c", judged());
    const third = keptJudgements(second.toKeep());
    expect(["a", "b", "c"].filter((name) => third.get(name) !== undefined)).toEqual(["a", "c"]);
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["no JSON", "{"],
    ["an object", "{}"],
    ["no pairs", '["a"]'],
    ["longer pairs", JSON.stringify([["a", judged(), 1]])],
    ["a name that is no text", JSON.stringify([[1, judged()]])],
    ["no judgement", JSON.stringify([["a", null]])],
    ["half a judgement", JSON.stringify([["a", { flaws: [], advisories: [] }]])],
    [
      "one of several that is none",
      JSON.stringify([
        ["a", judged()],
        ["b", { ...judged(), flaws: {} }],
      ]),
    ],
  ])("begins empty with %s", (_, text) => {
    expect(keptJudgements(text).get("a")).toBeUndefined();
  });

  it("keeps nothing of a target that is beyond measure", () => {
    const kept = keptJudgements(null);
    for (let n = 0; n < 50_001; n++) kept.set(`${n}`, judged());
    expect(kept.toKeep()).toBeNull();
  });
});
