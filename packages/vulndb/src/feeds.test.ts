import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { feeds } from "./feeds.ts";

const folder = join(import.meta.dirname, "feeds");
const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe("the list of feeds", () => {
  it("names every folder, each with tests and testdata", async () => {
    const exported = await Promise.all(
      folders.map(({ name }) => import(pathToFileURL(join(folder, name, "feed.ts")).href)),
    );
    const known = new Set<unknown>(exported.flatMap((module) => Object.values(module as object)));
    expect(feeds.filter((feed) => !known.has(feed)).map(({ id }) => id)).toEqual([]);
    expect(folders.map(({ name }) => name).sort()).toEqual(feeds.map(({ id }) => id).sort());
    for (const { name } of folders) {
      expect(
        readdirSync(join(folder, name)).some((file) => file.endsWith(".test.ts")),
        name,
      ).toBe(true);
      expect(existsSync(join(folder, name, "testdata")), name).toBe(true);
    }
  });

  it.each(feeds)("$id is kebab-case, titled and licensed", ({ id, title, licence }) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(title).not.toBe("");
    expect(licence).not.toBe("");
  });

  it("asks no feed about an ecosystem it has nothing for", async () => {
    const http = { request: () => Promise.reject(new Error("no request wanted")), [Symbol.dispose]: () => undefined };
    for (const feed of feeds.filter(({ provides }) => provides === "advisories")) {
      expect(await feed.upstream?.(http, ["none:1"], 0), feed.id).toSatisfy(
        (found: unknown) => found === undefined || (Array.isArray(found) && found.length === 0),
      );
    }
  });
});
