import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFloors, type FloorReport } from "./floors.ts";

const root = join(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "plimsoll floors-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What is planted in a copy of the house, and the violation each plant must show as. */
const plants: { what: string; files: Record<string, string>; found: RegExp }[] = [
  {
    what: "an import of a higher floor",
    files: { "packages/kit/src/planted-up.ts": `import "@plimsoll/source";` },
    found: /^declared-only: packages\/kit\/src\/planted-up\.ts -> packages\/source\/src\/index\.ts$/,
  },
  {
    what: "a type-only import of a higher floor",
    files: { "packages/model/src/planted-type.ts": `import type { A } from "@plimsoll/evaluate"; export type B = A;` },
    found: /^declared-only: packages\/model\/src\/planted-type\.ts -> packages\/evaluate\/src\/index\.ts$/,
  },
  {
    what: "an import behind the face, by name",
    files: {
      "packages/kit/src/planted-deep.ts": `import type { A } from "@plimsoll/model/src/digest.ts"; export type B = A;`,
    },
    found: /^resolvable: packages\/kit\/src\/planted-deep\.ts -> @plimsoll\/model\/src\/digest\.ts$/,
  },
  {
    what: "an import behind the face, by path",
    files: {
      "packages/kit/src/planted-path.ts": `import type { A } from "../../model/src/digest.ts"; export type B = A;`,
    },
    found: /^face-only: packages\/kit\/src\/planted-path\.ts -> packages\/model\/src\/digest\.ts$/,
  },
  {
    what: "a circle of types",
    files: {
      "packages/kit/src/planted-a.ts": `import type { B } from "./planted-b.ts"; export type A = B | 1;`,
      "packages/kit/src/planted-b.ts": `import type { A } from "./planted-a.ts"; export type B = A | 2;`,
    },
    found: /^no-circles: packages\/kit\/src\/planted-[ab]\.ts/,
  },
  {
    what: "one cataloger that imports another",
    files: {
      "packages/catalog/src/planted-a/cataloger.ts": `import "../planted-b/cataloger.ts";`,
      "packages/catalog/src/planted-b/cataloger.ts": "export {};",
    },
    found: /^catalogers-do-not-know-one-another: packages\/catalog\/src\/planted-a\//,
  },
  {
    what: "one feed that imports another",
    files: {
      "packages/vulndb/src/feeds/planted-a/feed.ts": `import "../planted-b/feed.ts";`,
      "packages/vulndb/src/feeds/planted-b/feed.ts": "export {};",
    },
    found: /^feeds-do-not-know-one-another: packages\/vulndb\/src\/feeds\/planted-a\//,
  },
  {
    what: "one format that imports another",
    files: {
      "packages/formats/src/planted-a/report-format.ts": `import "../planted-b/sbom-format.ts";`,
      "packages/formats/src/planted-b/sbom-format.ts": "export {};",
    },
    found: /^formats-do-not-know-one-another: packages\/formats\/src\/planted-a\//,
  },
  {
    what: "one matcher that imports another",
    files: {
      "packages/evaluate/src/match/planted-a/matcher.ts": `import "../planted-b/matcher.ts";`,
      "packages/evaluate/src/match/planted-b/matcher.ts": "export {};",
    },
    found: /^matchers-do-not-know-one-another: packages\/evaluate\/src\/match\/planted-a\//,
  },
  {
    what: "one rule that imports another",
    files: {
      "packages/evaluate/src/policy/rules/planted-a.ts": `import "./planted-b.ts";`,
      "packages/evaluate/src/policy/rules/planted-b.ts": "export {};",
    },
    found: /^rules-do-not-know-one-another: packages\/evaluate\/src\/policy\/rules\/planted-a\.ts/,
  },
  {
    what: "the test kit in the product",
    files: { "packages/source/src/planted-kit.ts": `import "@plimsoll/testkit";` },
    found: /^testkit-in-tests-only: packages\/source\/src\/planted-kit\.ts/,
  },
  {
    what: "a module the package does not declare",
    files: { "packages/source/src/planted-tool.ts": `import "fast-check";` },
    found: /^declared-modules: packages\/source\/src\/planted-tool\.ts/,
  },
  {
    what: "input and output in a pure room",
    files: {
      "packages/versions/src/planted-io.ts": `import { readFileSync } from "node:fs"; export const a = readFileSync;`,
    },
    found: /^pure-rooms: packages\/versions\/src\/planted-io\.ts/,
  },
  {
    what: "a declaration that points up",
    files: { "packages/planted/package.json": `{"name":"@plimsoll/planted","dependencies":{"@plimsoll/cli":"*"}}` },
    found: /^floors: planted has no floor/,
  },
];

let report: FloorReport;

beforeAll(async () => {
  copyHouse();
  plant("packages/source/src/planted-legal.ts", `import type { A } from "@plimsoll/model"; export type B = A;`);
  plant("packages/source/src/planted-legal.test.ts", `import "@plimsoll/testkit"; import "vitest";`);
  for (const { files } of plants) for (const [path, text] of Object.entries(files)) plant(path, text);
  report = await checkFloors(copy);
});

describe("the floors of the house", () => {
  it("hold in this checkout, which has modules", async () => {
    const house = await checkFloors(root);
    expect(house.violations).toEqual([]);
    expect(house.moduleCount).toBeGreaterThan(50);
  });

  it.each(plants)("would show $what", ({ found }) => {
    expect(report.violations.filter((violation) => found.test(violation))).not.toEqual([]);
  });

  it("see allowed imports too, of types included, and leave them alone", () => {
    expect(report.imports).toContain("packages/source/src/planted-legal.ts -> packages/model/src/index.ts");
    expect(report.violations.filter((violation) => violation.includes("planted-legal"))).toEqual([]);
  });
});

/** Sources and manifests, with the workspace links pointing into the copy and every other module into the original. */
function copyHouse(): void {
  for (const path of globSync(["{packages,apps}/*/package.json", "{packages,apps}/*/src/**/*.ts", "package.json"], {
    cwd: root,
  })) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  mkdirSync(join(copy, "node_modules", "@plimsoll"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@plimsoll") symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name));
  }
  for (const room of globSync("{packages,apps}/*", { cwd: copy })) {
    symlinkSync(join(copy, room), join(copy, "node_modules", "@plimsoll", room.split("/")[1] ?? ""));
  }
}

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), `${text}\n`);
}
