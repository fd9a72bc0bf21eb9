import { defaultLimits, type Limits } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { analyze } from "./analyze.ts";
import { type FakeEntry, fakeTree } from "./testing/fake-source.ts";
import { codes, dpkg, type Layers, limited, npm, only, scan, stays } from "./testing/scan.ts";

describe("hard links", () => {
  const body = JSON.stringify({ name: "x", version: "1" });
  const link: FakeEntry = { path: "app/node_modules/x/package.json", hardlink: "store/ab" };

  it.each([{ noHints: false }, { noHints: true }])(
    "are read in a second pass when the body has another name (%o)",
    async (options) => {
      const layers: Layers = [[dpkg("a=1")], [{ path: "store/ab", body }, link], [npm("b", "y", "2")]];
      const sbom = await scan(layers, options);
      expect(stays(sbom)).toEqual(["a@1 0-", "x@1 1-", "y@2 2-"]);
      expect(sbom.problems).toEqual([]);
    },
  );

  it("share what was found under the first name", async () => {
    const second: FakeEntry = { path: "b/node_modules/x/package.json", hardlink: "app/node_modules/x/package.json" };
    const sbom = await scan([[npm("app", "x", "1"), second], [{ whiteout: "app" }]]);
    expect(stays(sbom).sort()).toEqual(["x@1 0-", "x@1 0-1"]);
  });

  it.each<readonly [string, readonly FakeEntry[], Partial<Limits>]>([
    ["its body is in no layer", [link], {}],
    ["its body is too large", [{ path: "store/ab", body }, link], { fileBytes: 5 }],
  ])("never vanish: %s", async (...[, entries, limits]) => {
    expect(codes(await scan([entries], limited(limits)))).toContain("incomplete hard-link-unread");
  });

  it("need no second pass when their body was looked at, however they are chained", async () => {
    const script: FakeEntry = { path: "bin/a", mode: 0o755, body: "#!/bin/sh\n" };
    const links: FakeEntry[] = [
      { path: "bin/b", mode: 0o755, hardlink: "bin/a" },
      { path: "bin/c", mode: 0o755, hardlink: "bin/b" },
    ];
    expect(codes(await scan([[script, ...links]]))).toEqual(["note no-packages"]);
    const chained: FakeEntry = { path: "b/node_modules/x/package.json", hardlink: "app/node_modules/x/package.json" };
    expect(stays(await scan([[{ path: "store/ab", body }, link, chained]]))).toEqual(["x@1 0-", "x@1 0-"]);
  });

  it("are read in directories too", async () => {
    const sbom = await analyze(fakeTree([{ path: "store/ab", body }, link]), { limits: defaultLimits });
    expect(only(sbom).name).toBe("x");
  });
});
