import { defaultLimits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { fakeImage, fakeTree } from "../testing/fake-source.ts";

describe("package databases nobody reads", () => {
  it.each([
    ["var/lib/pacman/local/bash-5.2-1/desc", "var/lib/pacman/local"],
    ["var/db/pkg/app-shells/bash-5.2/PF", "var/db/pkg"],
    ["usr/lib/opkg/status", "usr/lib/opkg"],
    ["var/db/xbps/pkgdb-0.38.plist", "var/db/xbps"],
    ["nix/var/nix/db/db.sqlite", "nix/var/nix/db"],
  ])("%s makes the result incomplete", async (path, database) => {
    const { problems } = await analyze(fakeTree([{ path, body: "anything" }]), { limits: defaultLimits });
    expect(problems).toContainEqual(
      expect.objectContaining({ level: "incomplete", code: "package-database-not-supported", path: database }),
    );
  });

  it("says so once, and only as a note when a later layer removed it", async () => {
    const desc = ["a", "b"].map((name) => ({ path: `var/lib/pacman/local/${name}-1-1/desc`, body: "x" }));
    const one = await analyze(fakeImage([desc]), { limits: defaultLimits });
    expect(one.problems.filter(({ code }) => code === "package-database-not-supported")).toHaveLength(1);
    const gone = await analyze(fakeImage([desc, [{ whiteout: "var/lib/pacman" }]]), { limits: defaultLimits });
    expect(gone.problems.every(({ level }) => level === "note")).toBe(true);
  });
});
