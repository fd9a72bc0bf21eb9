/**
 * The floors of the house (ARCHITECTURE.md) as dependency-cruiser rules. Two walls hold them: what each package's
 * `dependencies` declare, and what its files import.
 */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Visitor } from "@swc/core/Visitor.js";
import { cruise, type ICruiseResult, type IRegularForbiddenRuleType } from "dependency-cruiser";

/** Higher floors may import lower ones; rooms of one floor along a declared edge. testkit is outside: tests only. */
export const floors = {
  model: 1,
  kit: 1,
  source: 2,
  versions: 2,
  contract: 2,
  catalog: 3,
  vulndb: 3,
  evaluate: 4,
  formats: 4,
  platform: 5,
  collect: 5,
  cli: 6,
  server: 6,
  web: 6,
} as const satisfies Readonly<Record<string, number>>;

/** What was found: violations as `rule: from -> to`, and how many modules and imports were looked at. */
export type FloorReport = {
  readonly violations: readonly string[];
  readonly moduleCount: number;
  /** Every resolved import, `from -> to`. */
  readonly imports: ReadonlySet<string>;
};

/** Checks the checkout at `root`. */
export async function checkFloors(root: string): Promise<FloorReport> {
  const rooms = readRooms(root);
  const result = await cruiseAll(root, rulesFor(root, rooms));
  const modules = result.modules.filter(({ source }) => /^(packages|apps)\//.test(source));
  return {
    violations: [
      ...declarationProblems(rooms),
      ...result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    ].sort(),
    moduleCount: modules.length,
    imports: new Set(
      modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => `${source} -> ${resolved}`)),
    ),
  };
}

type Rule = Omit<IRegularForbiddenRuleType, "severity">;

type Room = { readonly name: string; readonly folder: string; readonly uses: readonly string[] };

const tests = "(\\.test\\.ts$|^(packages|apps)/[^/]+/test/|/(testing|testdata|e2e)/)";

/** Rooms that compute and nothing else: no files, no network, no processes. */
const pureRooms = ["model", "versions", "contract", "evaluate"];

/** Lists whose members must not know one another: where they live and the file that makes a folder a member. */
const siblingKinds = [
  { name: "catalogers", members: "packages/catalog/src/*/cataloger.ts" },
  { name: "feeds", members: "packages/vulndb/src/feeds/*/feed.ts" },
  { name: "matchers", members: "packages/evaluate/src/match/*/matcher.ts" },
  { name: "formats", members: "packages/formats/src/*/{report,sbom}-format.ts" },
  { name: "diff-formats", members: "packages/formats/src/*/diff-format.ts" },
];

async function cruiseAll(root: string, forbidden: IRegularForbiddenRuleType[]): Promise<ICruiseResult> {
  teachUsing();
  // With TypeScript 7 and no `parser: "swc"` type-only imports are not seen; with `includeOnly` unresolved ones are not.
  const { output } = await cruise(
    ["packages", "apps"],
    {
      baseDir: root,
      ruleSet: { forbidden },
      validate: true,
      parser: "swc",
      doNotFollow: { path: "node_modules" },
      exclude: { path: "/(testdata|assets)/" },
      tsPreCompilationDeps: true,
      outputType: "json",
    },
    { exportsFields: ["exports"], conditionNames: ["import", "node", "default"], extensions: [".ts", ".tsx", ".js"] },
  );
  return typeof output === "string" ? (JSON.parse(output) as ICruiseResult) : output;
}

/** The syntax walker of @swc/core 1.16 stops at `using` and `await using`, which it parses; imports hide behind them. */
function teachUsing(): void {
  const walker = Visitor.prototype as unknown as {
    visitStatement: (node: { type: string; decls?: unknown }) => unknown;
    visitVariableDeclarators: (nodes: unknown) => unknown;
  };
  const known = walker.visitStatement;
  walker.visitStatement = function (this: typeof walker, node) {
    if (node.type !== "UsingDeclaration") return known.call(this, node);
    node.decls = this.visitVariableDeclarators(node.decls);
    return node;
  };
}

function readRooms(root: string): Room[] {
  return globSync("{packages,apps}/*/package.json", { cwd: root })
    .sort()
    .map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as { dependencies?: Record<string, string> };
      const uses = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith("@plimsoll/"));
      return { name: basename(dirname(path)), folder: dirname(path), uses: uses.map((name) => name.slice(10)) };
    });
}

/** The first wall: what a package.json may declare. Circles among packages show as circles among modules. */
function declarationProblems(rooms: readonly Room[]): string[] {
  const heights: Readonly<Record<string, number>> = floors;
  return rooms
    .filter(({ name }) => name !== "testkit")
    .flatMap(({ name, uses }) => {
      const height = heights[name];
      if (height === undefined) return [`floors: ${name} has no floor: give it one in scripts/floors.ts`];
      const wrong = uses.filter((other) => (heights[other] ?? Number.POSITIVE_INFINITY) > height);
      return wrong.map((other) => `floors: ${name} declares ${other}, which is above it`);
    });
}

function rulesFor(root: string, rooms: readonly Room[]): IRegularForbiddenRuleType[] {
  const rules: Rule[] = [
    { name: "no-circles", from: {}, to: { circular: true } },
    { name: "resolvable", from: {}, to: { couldNotResolve: true } },
    {
      name: "face-only",
      from: { path: "^(?:packages|apps)/([^/]+)/" },
      to: { path: "^packages/([^/]+)/", pathNot: "^packages/($1/|[^/]+/src/index\\.ts$)" },
    },
    {
      name: "testkit-in-tests-only",
      from: { path: "^(packages|apps)/", pathNot: ["^packages/testkit/", tests] },
      to: { path: "^packages/testkit/" },
    },
    {
      name: "declared-modules",
      from: { path: "^(packages|apps)/", pathNot: ["^packages/testkit/", tests] },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "pure-rooms",
      from: { path: `^packages/(${pureRooms.join("|")})/src/`, pathNot: tests },
      to: { path: "^(node:)?(fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|sqlite)(/|$)" },
    },
    {
      name: "rules-do-not-know-one-another",
      from: { path: "^packages/evaluate/src/policy/rules/([^/.]+)\\." },
      to: { path: "^packages/evaluate/src/policy/rules/", pathNot: "/rules/$1\\." },
    },
    ...rooms.map(declaredOnly),
    ...siblingKinds.flatMap((kind) => siblingRule(root, kind)),
  ];
  return rules.map((rule) => ({ ...rule, severity: "error" }));
}

/** The second wall: a room imports what its package.json declares, and nothing else of the house. */
function declaredOnly({ name, folder, uses }: Room): Rule {
  const open = ["testkit", name, ...uses].join("|");
  const everything = name === "testkit" ? ".*" : `(${open})/`;
  return {
    name: "declared-only",
    from: { path: `^${folder}/`, pathNot: name === "testkit" ? ".*" : "^$" },
    to: { path: "^(packages|apps)/", pathNot: `^(packages|apps)/${everything}` },
  };
}

function siblingRule(root: string, kind: { name: string; members: string }): Rule[] {
  const home = dirname(dirname(kind.members));
  const names = globSync(kind.members, { cwd: root }).map((path) => basename(dirname(path)));
  if (names.length < 2) return [];
  const anyOf = names.sort().join("|");
  return [
    {
      name: `${kind.name}-do-not-know-one-another`,
      from: { path: `^${home}/(${anyOf})/` },
      to: { path: `^${home}/(${anyOf})/`, pathNot: `^${home}/$1/` },
    },
  ];
}
