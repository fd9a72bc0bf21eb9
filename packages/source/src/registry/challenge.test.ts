import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenge } from "./challenge.ts";

const bearer = { scheme: "bearer", realm: "https://auth.example/token", service: "s", scope: null };

describe("parseChallenge", () => {
  it.each([
    ['Bearer realm="https://auth.example/token",service="s"', bearer],
    ['bearer service=s , realm="https://auth.example/token"', bearer],
    ['Basic realm="x", Bearer realm="https://auth.example/token",service="s"', bearer],
    ['Bearer realm="https://auth.example/token",service="s", Basic realm="x"', bearer],
    [
      'Bearer realm="a\\"b",service="s",scope="repository:a/b:pull,push"',
      { scheme: "bearer", realm: 'a"b', service: "s", scope: "repository:a/b:pull,push" },
    ],
    ['Basic realm="Bearer realm=x"', { scheme: "basic" }],
    ["Basic", { scheme: "basic" }],
    ["Bearer", null],
    ["Negotiate abc==", null],
    ["", null],
    ['"""', null],
  ])("reads %s", (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });

  it("any header ends soon", () => {
    const piece = fc.constantFrom("Bearer", "Basic", " ", ",", '"', "\\", "realm", "=", "a", "\n");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
        parseChallenge(pieces.join(""));
      }),
    );
    const started = performance.now();
    parseChallenge(`Bearer realm="${"\\a".repeat(1_000_000)}`);
    parseChallenge("a".repeat(1_000_000));
    parseChallenge("a ".repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
