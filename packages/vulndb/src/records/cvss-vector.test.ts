import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { cvssOfVector } from "./cvss-vector.ts";

describe("the rating of a CVSS vector", () => {
  it.each([
    ["AV:N/AC:L/Au:N/C:C/I:C/A:C", "2.0", 10],
    ["CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.0", 6.1],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "3.1", 10],
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "3.1", 0],
    // Threat and environmental metrics do not change the base score.
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O", "3.1", 9.8],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", "4.0", 9.3],
    ["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "4.0", 10],
  ])("%s", (vector, version, score) => {
    expect(cvssOfVector(vector)).toEqual({ version, score, vector });
  });

  it.each([
    "",
    "9.8",
    "CVSS:3.1/AV:N/AC:L",
    "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/${"X:X/".repeat(200)}`,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:NR",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/:/A",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/:H",
    "AV:N/AC:L/Au:N/C:P/I:P/A:P/V:N",
  ])("%j is none", (text) => {
    const warn = vi.spyOn(console, "warn");
    expect(cvssOfVector(text)).toBeNull();
    expect(warn).not.toHaveBeenCalled();
  });

  it("is a score from 0 to 10 or nothing for any text", () => {
    const part = fc.constantFrom(
      "AV:N",
      "AC:L",
      "PR:N",
      "UI:N",
      "S:U",
      "C:H",
      "I:H",
      "A:H",
      "Au:N",
      "VC:H",
      "E:P",
      "x",
    );
    fc.assert(
      fc.property(fc.constantFrom("", "CVSS:3.1/", "CVSS:4.0/"), fc.array(part, { maxLength: 14 }), (start, parts) => {
        const score = cvssOfVector(start + parts.join("/"))?.score ?? 0;
        expect(score >= 0 && score <= 10).toBe(true);
      }),
    );
  });
});
