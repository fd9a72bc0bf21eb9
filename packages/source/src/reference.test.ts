import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { familiarTag, formatReference, parseReference } from "./reference.ts";

const hex = "0123456789abcdef".repeat(4);

describe("parseReference", () => {
  it.each([
    ["alpine", "docker.io", "library/alpine", "latest"],
    ["alpine:3.20", "docker.io", "library/alpine", "3.20"],
    ["docker.io/alpine", "docker.io", "library/alpine", "latest"],
    ["index.docker.io/library/alpine", "docker.io", "library/alpine", "latest"],
    ["grafana/grafana", "docker.io", "grafana/grafana", "latest"],
    ["localhost/app", "localhost", "app", "latest"],
    ["localhost:5000/app:1", "localhost:5000", "app", "1"],
    ["127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000", "a/b/c", "1"],
    ["[::1]:5000/app", "[::1]:5000", "app", "latest"],
    ["ghcr.io/o/n_1/x--y.z:V1_.-", "ghcr.io", "o/n_1/x--y.z", "V1_.-"],
    ["registry:2", "docker.io", "library/registry", "2"],
    ["Registry.Example/app", "Registry.Example", "app", "latest"],
    [`quay.io/a/b@sha256:${hex}`, "quay.io", "a/b", null],
    [`quay.io/a/b:1@sha256:${hex}`, "quay.io", "a/b", "1"],
  ])("reads %s", (text, ...expected) => {
    const { registry, repository, tag } = parseReference(text);
    expect([registry, repository, tag]).toEqual(expected);
  });

  it.each([
    "",
    "Alpine",
    "alpine:",
    "alpine:a b",
    "alpine:-x",
    `alpine:${"t".repeat(129)}`,
    "alpine@sha256:123",
    `alpine@sha512:${hex}`,
    `alpine@sha256:${hex.toUpperCase()}`,
    "a//b",
    "/a",
    "a/",
    "ghcr.io/",
    "ghcr.io/../x",
    "-a.b/c",
    "a.b:port/c",
    "user:pass@host.example/app",
    "host.example/app?x=1",
    "a/b#c",
    "a\nb",
    "a".repeat(300),
    `${"a/".repeat(600)}b`,
  ])("refuses %j", (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: "INVALID_REFERENCE", exit: 2 }));
  });

  it("does not repeat a password written before the host", () => {
    expect(() => parseReference("me:s3cret@host.example/app")).toThrow(/^(?!.*s3cret).*host\.example/);
  });

  it("any text ends in a reference that reads the same again, or in our error; and soon", () => {
    const piece = fc.constantFrom(
      "a",
      "b.c",
      ":",
      "/",
      "@",
      "sha256:",
      hex,
      "localhost",
      "5000",
      "-",
      "_",
      "__",
      ".",
      "A",
      "[::1]",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          const reference = parseReference(input);
          expect(parseReference(formatReference(reference))).toEqual(reference);
        } catch (error) {
          expect(error).toMatchObject({ code: "INVALID_REFERENCE" });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("knows one name in its spellings", () => {
    expect(familiarTag("alpine")).toBe(familiarTag("docker.io/library/alpine:latest"));
    expect(familiarTag("<none>:<none>")).toBe("<none>:<none>");
  });
});
