import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

/** Where the siblings of a list live. */
export type RegistryPlace = {
  /** Folder whose direct children are the siblings (usually `import.meta.dirname`). */
  readonly folder: string;
  /** File in each sibling's folder that exports it; without it each `*.ts` file of the folder is one sibling. */
  readonly file?: string;
  /** Whether each sibling needs a `testdata` folder; by default yes where siblings are folders. */
  readonly testdata?: boolean;
};

/** A member of a list: its `name`, or `id` where a name is for people. */
export type RegistryMember = { readonly name: string } | { readonly id: string };

/** What is wrong with a list of siblings, one entry per sibling and kind; all empty when the list is complete. */
export type RegistryGaps = {
  readonly unlisted: readonly string[];
  readonly listedOnly: readonly string[];
  readonly badNames: readonly string[];
  readonly withoutTest: readonly string[];
  readonly withoutTestdata: readonly string[];
};

/**
 * Declares the tests that keep a list complete: every sibling on disk is in the list and nothing else is, names are
 * unique and kebab-case, each sibling has a test (and testdata).
 */
export function expectCompleteRegistry(list: readonly RegistryMember[], place: RegistryPlace): void {
  describe("the list of siblings", () => {
    it("names exactly what lies on disk, with unique names, tests and testdata", async () => {
      const nothing = { unlisted: [], listedOnly: [], badNames: [], withoutTest: [], withoutTestdata: [] };
      expect(await registryGaps(list, place)).toEqual(nothing);
    });
  });
}

/** Compares a list with the folder its members live in. */
export async function registryGaps(list: readonly RegistryMember[], place: RegistryPlace): Promise<RegistryGaps> {
  const siblings = siblingsIn(place);
  const exported = await Promise.all(siblings.map(({ module }) => exportsOf(module)));
  const known = new Set(exported.flat());
  const needsTestdata = place.testdata ?? place.file !== undefined;
  const listed: ReadonlySet<unknown> = new Set(list);
  const names = namesOf(list);
  return {
    unlisted: namesOf(siblings.filter((_, index) => !exported[index]?.some((value) => listed.has(value)))),
    listedOnly: namesOf(list.filter((member) => !known.has(member))),
    badNames: names.filter((name, index) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || names.indexOf(name) !== index),
    withoutTest: namesOf(siblings.filter(({ tests }) => tests.length === 0)),
    withoutTestdata: namesOf(siblings.filter(({ testdata }) => needsTestdata && !testdata)),
  };
}

type Sibling = {
  readonly name: string;
  readonly module: string;
  readonly tests: readonly string[];
  readonly testdata: boolean;
};

function siblingsIn({ folder, file }: RegistryPlace): Sibling[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) =>
      file === undefined ? isModuleName(entry.name) : entry.isDirectory() && existsSync(join(folder, entry.name, file)),
    )
    .map((entry) => (file === undefined ? fileSibling(folder, entry.name) : folderSibling(folder, entry.name, file)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function folderSibling(folder: string, name: string, file: string): Sibling {
  const home = join(folder, name);
  const tests = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".test.ts"));
  return { name, module: join(home, file), tests, testdata: existsSync(join(home, "testdata")) };
}

function fileSibling(folder: string, fileName: string): Sibling {
  const name = fileName.replace(/\.ts$/, "");
  const tests = [`${name}.test.ts`].filter((test) => existsSync(join(folder, test)));
  return { name, module: join(folder, fileName), tests, testdata: existsSync(join(folder, "testdata", name)) };
}

function isModuleName(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".test.ts");
}

async function exportsOf(module: string): Promise<unknown[]> {
  return Object.values((await import(pathToFileURL(module).href)) as Record<string, unknown>);
}

function namesOf(members: readonly RegistryMember[]): string[] {
  return members.map((member) => ("id" in member ? member.id : member.name));
}
