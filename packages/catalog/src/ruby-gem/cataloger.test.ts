import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rubyGem } from "./cataloger.ts";

const folder = "usr/lib/ruby/gems/3.1.0/specifications";

describe("the Ruby cataloger", () => {
  it("reads what RubyGems writes", () => {
    const bytes = readFileSync(join(import.meta.dirname, "testdata", "rake-13.0.6.gemspec"));
    expect(rubyGem.parse({ path: `${folder}/rake-13.0.6.gemspec`, bytes })).toEqual({
      packages: [{ ecosystem: "gem", name: "rake", version: "13.0.6", licenses: ["MIT", "Ruby"], kind: "installed" }],
    });
  });

  it.each([
    [`${folder}/rake-13.0.6.gemspec`, "body"],
    [`${folder}/default/json-2.6.1.gemspec`, "body"],
    ["usr/lib/ruby/gems/3.1.0/gems/rake-13.0.6/rake.gemspec", "ignore"],
    ["app/thing.gemspec", "ignore"],
  ])("%s → %s", (path, wanted) => {
    expect(rubyGem.select({ path, type: "file", size: 1, mode: 0o644 })).toBe(wanted);
  });

  it.each([
    [
      "a stub with a platform",
      "x.gemspec",
      "# stub: nokogiri 1.15.0 x86_64-linux lib\n",
      "nokogiri@1.15.0 x86_64-linux",
    ],
    ["assignments without a stub", "x.gemspec", 's.name = %q{a}\n  s.name = "a"\n  s.version = "1.0"\n', "a@1.0 "],
    ["a version object", "x.gemspec", '  s.name = "a"\n  s.version = Gem::Version.new("1.0")\n', "a@1.0 "],
    ["the file's name", "net-smtp-0.3.1.gemspec", "nothing constant", "net-smtp@0.3.1 "],
    [
      "the file's name with a platform",
      "google-protobuf-3.21.0-x86_64-linux.gemspec",
      "",
      "google-protobuf@3.21.0 x86_64-linux",
    ],
    ["the last number of the file's name", "a-1-b-2-c-.gemspec", "", "a-1-b@2 c-"],
    ["nothing to go by", "x.gemspec", "\u0000", ""],
  ])("reads %s", (...[, name, text, expected]) => {
    const facts = rubyGem.parse({ path: `${folder}/${name}`, bytes: Buffer.from(text) });
    const found = (facts.packages ?? []).map(
      (fact) => `${fact.name}@${fact.version} ${fact.qualifiers?.platform ?? ""}`,
    );
    expect(found.join()).toBe(expected);
    expect(facts.problems ?? []).toHaveLength(expected === "" ? 1 : 0);
  });

  it.each(["x", "-", "x-0-", "-0"])("takes no time over a file's name of %j again and again", (text) => {
    const path = `${folder}/${text.repeat(250_000)}.gemspec`;
    const start = process.cpuUsage();
    rubyGem.parse({ path, bytes: Buffer.alloc(0) });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });

  it.each(["\n", " \n", "\t", "s.name = "])("takes no time over %j again and again", (text) => {
    const bytes = Buffer.from(text.repeat(100_000));
    const start = process.cpuUsage();
    rubyGem.parse({ path: `${folder}/x-1.gemspec`, bytes });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });
});
