import type { AffectedRange } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { rangesOf } from "./osv-ranges.ts";

const events = (...list: readonly Record<string, string>[]) => [{ type: "SEMVER", events: list }];

describe("OSV ranges", () => {
  it.each<[string, unknown, AffectedRange[]]>([
    ["all versions", events({ introduced: "0" }), [{}]],
    ["up to a fix", events({ introduced: "0" }, { fixed: "1.2.0" }), [{ fixed: "1.2.0" }]],
    [
      "an inclusive end",
      events({ introduced: "1.0.0" }, { last_affected: "1.2.0" }),
      [{ introduced: "1.0.0", lastAffected: "1.2.0" }],
    ],
    [
      "several in any order",
      events({ fixed: "2.1.0" }, { introduced: "2.0.0" }, { introduced: "0" }, { fixed: "1.10.0" }),
      [{ fixed: "1.10.0" }, { introduced: "2.0.0", fixed: "2.1.0" }],
    ],
    ["both events in one object", events({ introduced: "0", fixed: "1.0.0" }), [{ fixed: "1.0.0" }]],
    ["an end without beginning", events({ fixed: "1.0.0" }), [{ fixed: "1.0.0" }]],
    ["a second end", events({ introduced: "0" }, { fixed: "1.0.0" }, { fixed: "2.0.0" }), [{ fixed: "1.0.0" }]],
    ["limits are none of ours", events({ introduced: "0" }, { limit: "1.0.0" }), [{}]],
    ["commits", [{ type: "GIT", events: [{ introduced: "0" }] }], []],
    ["no ranges", undefined, []],
    ["not even a list", [{ type: "SEMVER", events: "x" }, null, 3], []],
  ])("%s", (_, ranges, expected) => {
    expect(rangesOf("semver", ranges)).toEqual(expected);
  });
});
