import { describe, expect, it } from "vitest";
import { moduleOf, namedComponentOf, rpmComponentOf } from "./components.ts";
import { streamLines } from "./stream-lines.ts";

describe("components of Red Hat's documents", () => {
  it.each([
    ["pkg:rpm/redhat/anchor@1.2-3.el9?arch=src", { name: "anchor", version: "1.2-3.el9", isSource: true }],
    [
      "pkg:rpm/redhat/anchor@1.2-3.el9?arch=x86_64&epoch=2",
      { name: "anchor", version: "2:1.2-3.el9", isSource: false },
    ],
    ["pkg:rpm/redhat/libstdc%2B%2B", { name: "libstdc++", version: "", isSource: false }],
    [
      "pkg:rpm/redhat/redis@6.2-1.module%2Bel8?arch=src&rpmmod=redis:6:8100020250113083959:489197e6",
      { name: "redis", version: "6.2-1.module+el8", isSource: true, module: "redis:6" },
    ],
    ["pkg:rpm/redhat/gimp?rpmmod=gimp:flatpak", null],
    ["pkg:rpm/redhat/podman?arch=src&rpmmod=rhel10", null],
    ["pkg:oci/redhat/tool", null],
    ["pkg:rpm/redhat/a%ZZ@1-1", null],
    ["", null],
  ])("%s", (purl, expected) => {
    expect(rpmComponentOf(purl)).toEqual(expected);
  });

  it("have a name where they have no purl", () => {
    expect(namedComponentOf("anchor")).toEqual({ name: "anchor", version: "", isSource: true });
    expect(namedComponentOf("anchor:2/davit")).toMatchObject({ name: "davit", module: "anchor:2" });
    for (const other of ["openshift4/tool", "gimp:flatpak/gimp", "anchor-0:1-1.el9.x86_64", ""]) {
      expect(namedComponentOf(other), other).toBeNull();
    }
  });

  it("are part of a module", () => {
    expect(moduleOf("pkg:rpmmod/redhat/postgresql@13:8080020230628151207:63b34585")).toBe("postgresql:13");
    expect(moduleOf("pkg:rpm/redhat/postgresql@13")).toBeUndefined();
  });
});

describe("streams that a document does not name", () => {
  const fix = (fixed: string, module?: string) => ({
    ecosystem: "rhel:8",
    name: "postgresql",
    fixed,
    ...(module !== undefined && { module }),
  });
  const lines = (...fixes: ReturnType<typeof fix>[]) =>
    streamLines(fixes).map(({ introduced, fixed }) => `${introduced ?? ""}..${fixed}`);

  it("begin where their versions part from the line before", () => {
    expect(lines(fix("15.3-1.module+el8"), fix("12.15-1.module+el8"), fix("13.11-1.module+el8"))).toEqual([
      "..12.15-1.module+el8",
      "13..13.11-1.module+el8",
      "15..15.3-1.module+el8",
    ]);
    expect(lines(fix("3:10.3.39-1.module+el8"), fix("3:10.5.22-1.module+el8"))[1]).toBe(
      "3:10.5..3:10.5.22-1.module+el8",
    );
  });

  it("are one where only the release differs, where the stream is named, and outside of modules", () => {
    expect(lines(fix("1.2-1.module+el8"), fix("1.2-2.module+el8"))[1]).toBe("..1.2-2.module+el8");
    expect(lines(fix("12.1-1.module+el8", "postgresql:12"), fix("13.1-1.module+el8", "postgresql:13"))).toEqual([
      "..12.1-1.module+el8",
      "..13.1-1.module+el8",
    ]);
    expect(lines(fix("12.1-1.el8"), fix("13.1-1.el8"))[1]).toBe("..13.1-1.el8");
  });
});
