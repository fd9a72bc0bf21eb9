import { expect, it } from "vitest";
import { distroEcosystem } from "./distro.ts";
import { lookUp } from "./look-up.ts";
import { parseSeverity } from "./severity.ts";

const inherited = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"];

it.each(inherited)("%s is in no table", (word) => {
  expect(lookUp({ high: 1 }, word)).toBeUndefined();
  expect(parseSeverity(word)).toBeNull();
});

it("what is in it is found", () => {
  expect(lookUp({ high: 1 }, "high")).toBe(1);
});

it("a codename that every object has names no release of Debian", () => {
  expect(distroEcosystem({ id: "debian", idLike: [], versionId: "", codename: "constructor" })).toBe("debian:sid");
});
