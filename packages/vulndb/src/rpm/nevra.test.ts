import { describe, expect, it } from "vitest";
import { isDebugData, nevraOf, plainEvr } from "./nevra.ts";

describe("rpm file names", () => {
  it.each([
    ["anchor-0:1.2-3.el9.x86_64.rpm", { name: "anchor", version: "1.2-3.el9", arch: "x86_64" }],
    ["anchor-libs-2:1.2~rc1-3.el9.noarch", { name: "anchor-libs", version: "2:1.2~rc1-3.el9", arch: "noarch" }],
    ["libstdc++-devel-4.8.5-44.el7.src.rpm", { name: "libstdc++-devel", version: "4.8.5-44.el7", arch: "src" }],
    [
      "python2-attrs-0:17.4.0-10.module+el8.4.0+403+9ae17a31.noarch.rpm",
      { name: "python2-attrs", version: "17.4.0-10.module+el8.4.0+403+9ae17a31", arch: "noarch" },
    ],
    ["anchor-1.2.x86_64", null],
    ["anchor", null],
    ["", null],
    ["a b-1-1.noarch", null],
    [`${"a-".repeat(400)}1-1.noarch`, null],
  ])("%s", (text, expected) => {
    expect(nevraOf(text)).toEqual(expected);
  });

  it.each([
    ["0:1.2-3", "1.2-3"],
    [" 1:1.2-3 ", "1:1.2-3"],
    ["00:1.2", "1.2"],
    ["1.2 3", null],
    ["", null],
    ["x:1-1", null],
  ])("the version %j is %j", (text, expected) => {
    expect(plainEvr(text)).toBe(expected);
  });

  it.each([
    ["anchor-debuginfo", true],
    ["anchor-debugsource", true],
    ["kernel-debuginfo-common-x86_64", true],
    ["kernel-debug", false],
    ["debuginfod", false],
  ])("%s holds debugging data only: %s", (name, expected) => {
    expect(isDebugData(name)).toBe(expected);
  });
});
