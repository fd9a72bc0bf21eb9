import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Package, Sbom } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { placesOf } from "./places.ts";
import { testWorld } from "./testing/test-world.ts";
import { wantedEcosystems } from "./wanted-ecosystems.ts";

describe("placesOf", () => {
  it("defaults to the cache folder of the user", () => {
    const { world } = testWorld();
    expect(placesOf({}, world)).toEqual({
      database: "/home/pilot/.cache/plimsoll/vulndb.sqlite",
      feeds: "/home/pilot/.cache/plimsoll/feeds",
      starter: "/home/pilot/.cache/plimsoll/starter",
      layers: "/home/pilot/.cache/plimsoll/layers",
    });
  });

  it("honours XDG_CACHE_HOME when it is absolute", () => {
    expect(placesOf({}, testWorld({ XDG_CACHE_HOME: "/var/c" }).world).database).toBe("/var/c/plimsoll/vulndb.sqlite");
    expect(placesOf({}, testWorld({ XDG_CACHE_HOME: "c" }).world).database).toMatch(/^\/home\/pilot/);
  });

  it("takes a folder, or the database file itself, and a cache apart from it", () => {
    const folder = mkdtempSync(join(tmpdir(), "plimsoll-places-"));
    try {
      const file = join(folder, "mine.db");
      writeFileSync(file, "");
      const { world } = testWorld();
      expect(placesOf({ dbpath: folder }, world).database).toBe(join(folder, "vulndb.sqlite"));
      expect(placesOf({ dbpath: file }, world)).toMatchObject({ database: file, feeds: join(folder, "feeds") });
      expect(placesOf({ dbpath: folder }, world).layers).toBe("/home/pilot/.cache/plimsoll/layers");
      expect(placesOf({ dbpath: folder, cachepath: "/c" }, world)).toMatchObject({
        starter: "/c/starter",
        layers: "/c/layers",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("wantedEcosystems", () => {
  it("names the distribution's release and the languages, not what is gone or owned by an OS package", () => {
    const pkg = (ecosystem: string, more: object = {}): Package => ({ ecosystem, name: "x", ...more }) as Package;
    const sbom = {
      distro: { id: "debian", idLike: [], versionId: "12.5" },
      packages: [
        pkg("deb"),
        pkg("npm"),
        pkg("npm"),
        pkg("pypi", { ownedBy: "pkg:deb/python3" }),
        pkg("gem", { removedIn: "sha256:1" }),
      ],
    } as unknown as Sbom;
    expect(wantedEcosystems(sbom)).toEqual(["debian:12", "npm"]);
    expect(wantedEcosystems({ ...sbom, distro: null })).toEqual(["npm"]);
  });
});
