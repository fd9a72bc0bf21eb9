import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPurl, parsePurl } from "./purl.ts";

const cases: [string, Parameters<typeof formatPurl>[0]][] = [
  ["pkg:npm/%40angular/animation@12.3.1", { type: "npm", namespace: "@angular", name: "animation", version: "12.3.1" }],
  [
    "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12",
    {
      type: "deb",
      namespace: "debian",
      name: "libstdc++6",
      version: "12.2.0-14",
      qualifiers: { distro: "debian-12", arch: "amd64" },
    },
  ],
  [
    "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    {
      type: "maven",
      namespace: "org.apache.logging.log4j",
      name: "log4j-core",
      version: "2.14.1",
    },
  ],
  [
    "pkg:golang/google.golang.org/genproto@v0.0.1#googleapis/api",
    {
      type: "golang",
      namespace: "google.golang.org",
      name: "genproto",
      version: "v0.0.1",
      subpath: "googleapis/api",
    },
  ],
  ["pkg:deb/debian/dpkg@1:1.2~rc1", { type: "deb", namespace: "debian", name: "dpkg", version: "1:1.2~rc1" }],
];

describe("package URLs", () => {
  it.each(cases)("%s is written and read back", (text, parts) => {
    expect(formatPurl(parts)).toBe(text);
    expect(parsePurl(text)).toEqual(parts);
  });

  it.each(["", "npm/foo", "pkg:", "pkg:npm", "pkg:npm/", "pkg:npm/%ZZ", "pkg:/name"])("%j is malformed", (text) =>
    expect(parsePurl(text)).toBeNull(),
  );

  it("reads back whatever name, version and qualifier it wrote", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(word, word, word, (name, version, value) => {
        const parts = { type: "npm", name, version, qualifiers: { key: value } };
        expect(parsePurl(formatPurl(parts))).toEqual(parts);
      }),
    );
  });
});
