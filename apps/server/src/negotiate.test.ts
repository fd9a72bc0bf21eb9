import { describe, expect, it } from "vitest";
import { mediaTypeOf, negotiate } from "./negotiate.ts";

const json = "application/vnd.cyclonedx+json";
const xml = "application/vnd.cyclonedx+xml";
const offers = [
  { type: json, version: "1.5" },
  { type: json, version: "1.6" },
  { type: "application/json" },
  { type: xml, version: "1.5" },
  { type: xml, version: "1.6" },
  { type: "application/xml" },
];

describe("what an Accept header likes best", () => {
  it.each([
    [null, `${json}; version=1.5`],
    ["", `${json}; version=1.5`],
    ["*/*", `${json}; version=1.5`],
    ["application/*", `${json}; version=1.5`],
    [json, `${json}; version=1.5`],
    [`${json};version=1.6`, `${json}; version=1.6`],
    [`${json}; version="1.6"`, `${json}; version=1.6`],
    [`${json.toUpperCase()}; Version=1.6`, `${json}; version=1.6`],
    ["application/json", "application/json"],
    ["application/xml, */*;q=0.1", "application/xml"],
    ["*/*;q=0.1,application/xml", "application/xml"],
    ["application/json;q=0.5, application/xml;q=0.9", "application/xml"],
    ["application/xml, application/json", "application/json"],
    [`*/*, ${json};q=0`, "application/json"],
    [`${json};version=1.5;q=0, ${json}`, `${json}; version=1.6`],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"],
    ["text/html", null],
    [`${json};version=1.3`, null],
    ["*/*;q=0", null],
    ["application/json;q=2", null],
    ["nonsense", null],
    [",;,=;q", null],
  ])("%j: %j", (accept, chosen) => {
    const offer = negotiate(accept, offers);
    expect(offer === null ? null : mediaTypeOf(offer)).toBe(chosen);
  });

  it("reads a header of 16 kB at once", () => {
    expect(negotiate(`${"a/b;".repeat(4000)},*/*`, offers)).toBe(offers[0]);
  });
});
