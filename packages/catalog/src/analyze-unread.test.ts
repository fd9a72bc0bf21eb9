import { describe, expect, it } from "vitest";
import type { Cataloger } from "./cataloger.ts";
import { type FakeEntry, fakeDiffId } from "./testing/fake-source.ts";
import { codes, dpkg, limited, npm, scan, stays } from "./testing/scan.ts";

describe("what could not be read", () => {
  const failing: Cataloger = {
    name: "failing-cataloger",
    version: 1,
    tags: ["language"],
    select: ({ path }) => (path.endsWith(".bad") ? "body" : "ignore"),
    parse() {
      throw new TypeError("no such thing\nat all");
    },
  };

  it("a cataloger's failure costs its file only", async () => {
    const { dpkgDb } = await import("./dpkg-db/cataloger.ts");
    const sbom = await scan([[{ path: "x.bad", body: "" }, dpkg("a=1")]], { catalogers: [failing, dpkgDb] });
    expect(stays(sbom)).toEqual(["a@1 0-"]);
    expect(sbom.problems).toMatchObject([
      { level: "incomplete", code: "cataloger-failed", path: "x.bad", layer: fakeDiffId(0) },
    ]);
    expect(sbom.problems[0]?.message).toBe("failing-cataloger failed: no such thing at all");
  });

  it("a file is read at the size limit and reported one byte above", async () => {
    const jar: FakeEntry = { path: "a.jar", body: Buffer.alloc(100) };
    expect(codes(await scan([[jar]], limited({ fileBytes: 100 })))).not.toContain("incomplete file-too-large");
    expect(codes(await scan([[jar]], limited({ fileBytes: 99 })))).toContain("incomplete file-too-large");
    const binary: FakeEntry = {
      path: "bin/x",
      mode: 0o755,
      body: Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), Buffer.alloc(96)]),
    };
    expect(codes(await scan([[binary]], limited({ fileBytes: 99 })))).toContain("incomplete file-too-large");
    const script: FakeEntry = { path: "bin/y", mode: 0o755, body: "#!/bin/sh\n".padEnd(100) };
    expect(codes(await scan([[script]], limited({ fileBytes: 99 })))).not.toContain("incomplete file-too-large");
  });

  it("a file that a later layer took away is a note", async () => {
    const jar: FakeEntry = { path: "a.jar", body: Buffer.alloc(100) };
    const sbom = await scan([[jar], [{ whiteout: "a.jar" }]], limited({ fileBytes: 99 }));
    expect(codes(sbom)).toContain("note file-too-large");
  });

  it("a layer that breaks off keeps what was read of it, with the source's problem", async () => {
    const sbom = await scan([[dpkg("a=1")], [npm("app", "x", "1")]], { broken: [1] });
    expect(stays(sbom)).toEqual(["a@1 0-", "x@1 1-"]);
    expect(codes(sbom)).toEqual(["incomplete layer-truncated"]);
    const unknown = await scan([[dpkg("a=1")], [npm("app", "x", "1")]], { broken: [1], noHints: true });
    expect(codes(unknown)).toContain("incomplete layer-not-read");
  });

  it("more packages than the limit are cut, and said to be", async () => {
    expect((await scan([[dpkg("a=1", "b=1")]], limited({ packages: 2 }))).problems).toEqual([]);
    const sbom = await scan([[dpkg("a=1", "b=1", "c=1")]], limited({ packages: 2 }));
    expect(sbom.packages).toHaveLength(2);
    expect(codes(sbom)).toEqual(["incomplete too-many-packages"]);
  });

  it("an empty source is said to be empty", async () => {
    expect(codes(await scan([[]]))).toEqual(["note no-packages"]);
  });
});
