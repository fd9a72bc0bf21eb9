import { describe, expect, it } from "vitest";
import { leanSource } from "./lean-imports.ts";

const faceOf = () => new Map(["openVulndb", "feeds"].map((name) => [name, `/house/vulndb/${name}.ts`] as const));

describe("lean imports", () => {
  it.each([
    [
      "names of a package",
      `import { openVulndb } from "@plimsoll/vulndb";`,
      `import { openVulndb } from "/house/vulndb/openVulndb.ts";`,
    ],
    [
      "types beside them",
      `import { feeds as all, type Feed } from "@plimsoll/vulndb";`,
      `import { feeds as all } from "/house/vulndb/feeds.ts";`,
    ],
    ["types alone", `import { type Feed } from "@plimsoll/vulndb";`, ""],
    [
      "a statement of types",
      `import type { Feed } from "@plimsoll/vulndb";`,
      `import type { Feed } from "@plimsoll/vulndb";`,
    ],
    ["a neighbour", `import { a } from "./a.ts";`, `import { a } from "./a.ts";`],
    [
      "a built-in",
      `import {\n  join,\n  sep as slash,\n} from "node:path";`,
      `const { join, sep: slash } = globalThis.process.getBuiltinModule("node:path");`,
    ],
    ["a built-in whole", `import fs from 'node:fs';`, `const fs = globalThis.process.getBuiltinModule("node:fs");`],
    [
      "what is only called late",
      `import { spawn } from "node:child_process";`,
      `const spawn = (...given) => globalThis.process.getBuiltinModule("node:child_process").spawn(...given);`,
    ],
    [
      "constants, which cannot wait",
      `import { constants, gzip } from "node:zlib";`,
      `const { constants, gzip } = globalThis.process.getBuiltinModule("node:zlib");`,
    ],
  ])("%s", (_, source, lean) => expect(leanSource(source, faceOf)).toBe(lean));

  it("refuses a name that the package's face does not show", () => {
    expect(() => leanSource(`import { gone } from "@plimsoll/vulndb";`, faceOf)).toThrow("exports no gone");
  });
});
