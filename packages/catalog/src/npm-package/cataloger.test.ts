import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { npmPackage } from "./cataloger.ts";

const names = (path: string, text: string): string[] =>
  (npmPackage.parse({ path, bytes: Buffer.from(text) }).packages ?? []).map(
    ({ name, version }) => `${name}@${version}`,
  );

describe("the npm cataloger", () => {
  it.each([
    ["app/node_modules/left-pad/package.json", "body"],
    ["node_modules/left-pad/package.json", "body"],
    ["node_modules/@scope/thing/package.json", "body"],
    ["usr/lib/node_modules/npm/node_modules/ini/package.json", "body"],
    ["app/node_modules/.pnpm/ini@1.0.0/node_modules/ini/package.json", "body"],
    ["usr/share/nodejs/acorn/package.json", "body"],
    ["app/node_modules/next/dist/compiled/zod/package.json", "body"],
    ["app/node_modules/resolve/test/resolver/multirepo/package.json", "ignore"],
    ["app/node_modules/package.json", "ignore"],
    ["app/node_modules/@scope/package.json", "ignore"],
    ["app/package.json", "ignore"],
    ["package.json", "ignore"],
    ["opt/yarn-v1.22.22/package.json", "body"],
    ["root/.cache/node/corepack/pnpm/9.1.0/package.json", "body"],
    ["usr/share/jupyter/labextensions/@jupyter-widgets/jupyterlab-manager/package.json", "body"],
    ["srv/test/yarn-v1.22.22/package.json", "ignore"],
    ["app/my_node_modules/x/package.json", "ignore"],
    ["app/node_modules/x/package.json5", "ignore"],
  ])("%s → %s", (path, wanted) => {
    expect(npmPackage.select({ path, type: "file", size: 1, mode: 0o644 })).toBe(wanted);
  });

  it("gives name, version and licences of all three spellings", () => {
    const bytes = readFileSync(join(import.meta.dirname, "testdata", "package.json"));
    expect(npmPackage.parse({ path: "node_modules/@example/thing/package.json", bytes })).toEqual({
      packages: [
        {
          ecosystem: "npm",
          name: "@example/thing",
          version: "1.2.3",
          licenses: ["Apache-2.0", "MIT"],
          kind: "installed",
        },
      ],
    });
  });

  it.each([
    ["a module", "node_modules/a/package.json", '{"name":"a","version":"1.0.0"}', ["a@1.0.0"]],
    [
      "an alias, by its real name",
      "node_modules/alias/package.json",
      '{"name":"real","version":"1.0.0"}',
      ["real@1.0.0"],
    ],
    ["a byte order mark", "node_modules/a/package.json", '\ufeff{"name":"a","version":"1.0.0"}', ["a@1.0.0"]],
    ["a copy inside a module", "node_modules/a/dist/b/package.json", '{"name":"b","version":"2.0.0"}', ["b@2.0.0"]],
    ["the module's own name deeper", "node_modules/a/esm/package.json", '{"name":"a","version":"1.0.0"}', []],
    [
      "private settings with a name",
      "node_modules/a/dist/package.json",
      '{"name":"dist","private":true,"version":"1.0.0"}',
      [],
    ],
    ["settings for Node", "node_modules/a/esm/package.json", '{"type":"module"}', []],
    ["no name", "node_modules/a/package.json", '{"version":"1.0.0"}', []],
    ["a number for a version", "node_modules/a/package.json", '{"name":"a","version":1}', ["a@"]],
    ["an array", "node_modules/a/package.json", "[]", []],
    [
      "a release unpacked by itself",
      "opt/yarn-v1.22.22/package.json",
      '{"name":"yarn","version":"1.22.22"}',
      ["yarn@1.22.22"],
    ],
    ["a release in folders", "c/pnpm/9.1.0/package.json", '{"name":"pnpm","version":"9.1.0"}', ["pnpm@9.1.0"]],
    ["a scoped extension", "lab/@a/b/package.json", '{"name":"@a/b","version":"2.0.0"}', ["@a/b@2.0.0"]],
    ["an application in a folder with a number", "srv/shop-1.0.0/package.json", '{"name":"npm","version":"1.0.0"}', []],
    ["an application in a scoped folder", "srv/@team/shop/package.json", '{"name":"shop","version":"1.0.0"}', []],
    ["a poisoned prototype", "node_modules/a/package.json", '{"__proto__":{"name":"x","version":"1"}}', []],
  ])("reads %s", (...[, path, text, expected]) => {
    expect(names(path, text)).toEqual(expected);
  });

  it("says when a module's manifest is no JSON", () => {
    const facts = npmPackage.parse({ path: "node_modules/a/package.json", bytes: Buffer.from("{") });
    expect(facts.problems).toMatchObject([{ level: "incomplete", code: "package-file-unreadable", package: "a" }]);
  });
});
