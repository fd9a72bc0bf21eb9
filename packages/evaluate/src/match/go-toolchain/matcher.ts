import type { Matcher } from "../matcher.ts";

/** The Go release that built a binary: its standard library is inside; Go's database names it `stdlib` and its tools `toolchain`. */
export const goToolchainMatcher = {
  name: "go-toolchain",
  appliesTo: (pkg) => pkg.ecosystem === "golang" && pkg.role === "toolchain",
  ecosystem: (pkg) => pkg.ecosystem,
  keys: ({ version }, ecosystem) =>
    ["stdlib", "toolchain"].map((name) => ({
      ecosystem,
      name,
      version: version.replace(/^go/, ""),
      via: "direct",
      nameKind: null,
    })),
} as const satisfies Matcher;
