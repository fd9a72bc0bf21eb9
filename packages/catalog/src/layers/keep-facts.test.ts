import { describe, expect, it } from "vitest";
import { catalogers } from "../catalogers.ts";
import { keepFacts, ownedPathFilter } from "./keep-facts.ts";

describe("what is kept of a file's facts", () => {
  it("is ownership of what a language cataloger could read, and nothing else of the lists", () => {
    const paths = [
      "usr/lib/python3/dist-packages/x-1.dist-info/METADATA",
      "usr/lib/python3/dist-packages/x/main.py",
      "usr/share/java/x.jar",
      "usr/bin/tool",
      "usr/bin/tool-1.2",
      "usr/lib/docker/cli-plugins/docker-compose",
      "usr/share/doc/x/README",
      "usr/share/zoneinfo/Europe/Berlin",
      "usr/share/man/man1/x.1.gz",
    ];
    const facts = {
      owns: [
        { owner: "x", paths },
        { owner: "y", paths: ["etc/y.conf"] },
      ],
      packages: [],
    };
    expect(keepFacts(facts, ownedPathFilter(catalogers))).toEqual({
      owns: [{ owner: "x", paths: [paths[0], paths[2], paths[3], paths[4], paths[5]] }],
      packages: [],
    });
  });
});
