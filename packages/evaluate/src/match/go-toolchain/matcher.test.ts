import { describe, expect, it } from "vitest";
import { packageSample } from "../../../test/samples.ts";
import { matcherOf } from "../matchers.ts";
import { goToolchainMatcher } from "./matcher.ts";

describe("the Go toolchain matcher", () => {
  const go = packageSample({ ecosystem: "golang", name: "Go", version: "go1.21.3", role: "toolchain" });

  it("asks for the standard library and the tools", () => {
    expect(goToolchainMatcher.keys(go, "golang").map(({ name, version }) => `${name} ${version}`)).toEqual([
      "stdlib 1.21.3",
      "toolchain 1.21.3",
    ]);
  });

  it("speaks for the toolchain only, and not where an OS package owns the binary", () => {
    expect(matcherOf(go)?.name).toBe("go-toolchain");
    expect(matcherOf({ ...go, role: "main" })?.name).toBe("language");
    expect(matcherOf({ ...go, ownedBy: "pkg:deb/debian/x@1" })).toBeNull();
  });
});
