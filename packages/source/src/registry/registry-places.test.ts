import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseReference } from "../reference.ts";
import { daemonRulesOf, readDaemonJson, readRegistriesConf, registryRulesOf } from "./registries-conf.ts";
import { placesOf } from "./registry-places.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-registries-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const conf = `
unqualified-search-registries = ["other.test"]
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "mirror.test:5000/hub"
insecure = true
[[registry.mirror]]
location = "digests.test"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "tags.test"
pull-from-mirror = "tag-only"

[[registry]]
prefix = "docker.io/library/private"
blocked = true

[[registry]]
prefix = "moved.test/team"
location = "new.test/old/team"
insecure = true

[[registry]]
prefix = "*.wild.test"
[[registry.mirror]]
location = "wild-mirror.test/all"

[[registry]]
prefix = "digest.test"
location = "digest.test"
mirror-by-digest-only = true
[[registry.mirror]]
location = "only.test"
`;
writeFileSync(join(folder, "registries.conf"), conf);
const digest = `sha256:${"a".repeat(64)}`;

function shown(reference: string, rules: Parameters<typeof placesOf>[1]): string[] {
  return placesOf(parseReference(reference), rules).map(
    ({ registry, repository, isInsecure, isMirror }) =>
      `${registry}/${repository}${isInsecure ? " insecure" : ""}${isMirror ? " mirror" : ""}`,
  );
}

describe("registries.conf", () => {
  it.each([
    [
      "alpine",
      [
        "mirror.test:5000/hub/library/alpine insecure mirror",
        "tags.test/library/alpine mirror",
        "docker.io/library/alpine",
      ],
    ],
    [
      `alpine@${digest}`,
      [
        "mirror.test:5000/hub/library/alpine insecure mirror",
        "digests.test/library/alpine mirror",
        "docker.io/library/alpine",
      ],
    ],
    ["moved.test/team/app:1", ["new.test/old/team/app insecure"]],
    ["moved.test/team:1", ["new.test/old/team insecure"]],
    ["moved.test/teamwork/app:1", ["moved.test/teamwork/app"]],
    ["a.b.wild.test:5000/app", ["wild-mirror.test/all/app mirror", "a.b.wild.test:5000/app"]],
    ["wild.test/app", ["wild.test/app"]],
    ["digest.test/app:1", ["digest.test/app"]],
    [`digest.test/app@${digest}`, ["only.test/app mirror", "digest.test/app"]],
    ["quay.io/a/b", ["quay.io/a/b"]],
  ])("%s: %j", async (reference, expected) => {
    expect(shown(reference, await readRegistriesConf(join(folder, "registries.conf")))).toEqual(expected);
  });

  it("blocks what it is told to block", async () => {
    const rules = await readRegistriesConf(join(folder, "registries.conf"));
    expect(() => placesOf(parseReference("private:1"), rules)).toThrow(
      expect.objectContaining({ code: "REGISTRY_BLOCKED", exit: 3 }),
    );
  });

  it("files of its folder come later and win, in their order", async () => {
    const path = join(folder, "b.conf");
    mkdirSync(`${path}.d`);
    writeFileSync(path, '[[registry]]\nlocation = "a.test"\nblocked = true\n');
    writeFileSync(join(`${path}.d`, "2.conf"), '[[registry]]\nprefix = "a.test"\nlocation = "two.test"\n');
    writeFileSync(join(`${path}.d`, "1.conf"), '[[registry]]\nprefix = "a.test"\nlocation = "one.test"\n');
    writeFileSync(join(`${path}.d`, "3.conf.bak"), "[[registry");
    expect(shown("a.test/x", await readRegistriesConf(path))).toEqual(["two.test/x"]);
  });

  it.each([
    ["broken TOML", "[[registry]\nlocation="],
    ["a megabyte", `# ${" ".repeat(2 ** 20)}`],
  ])("%s is an error", async (name, text) => {
    const path = join(folder, `${name}.conf`);
    writeFileSync(path, text);
    await expect(readRegistriesConf(path)).rejects.toMatchObject({ code: "REGISTRIES_CONF_INVALID", exit: 3 });
  });

  it("a location that is no place for images is an error; no file and the old version are nothing", async () => {
    const rules = registryRulesOf({ registry: [{ prefix: "a.test", location: "b.test/UPPER" }] });
    expect(() => shown("a.test/x", rules)).toThrow(expect.objectContaining({ code: "REGISTRIES_CONF_INVALID" }));
    expect(await readRegistriesConf(join(folder, "none"))).toEqual([]);
    writeFileSync(join(folder, "v1.conf"), '[registries.search]\nregistries = ["docker.io"]\n');
    expect(await readRegistriesConf(join(folder, "v1.conf"))).toEqual([]);
  });

  it.each([
    ["my_mirror:5000/hub", "my_mirror:5000/hub/x mirror"],
    ["mirror/hub", "mirror/hub/x mirror"],
    ["[::1]:5000/hub", "[::1]:5000/hub/x mirror"],
    ["user@b.test/hub", null],
    ["b.test:99999/hub", null],
    ["b.te@t:1e999/hub", null],
    ["b.test?/hub", null],
    ["b .test/hub", null],
    ["/hub", null],
  ])("the host of a mirror is one, and nothing else: %s", (location, expected) => {
    const rules = registryRulesOf({ registry: [{ prefix: "a.test", mirror: [{ location }] }] });
    if (expected !== null) return expect(shown("a.test/x", rules)[0]).toBe(expected);
    expect(() => shown("a.test/x", rules)).toThrow(expect.objectContaining({ code: "REGISTRIES_CONF_INVALID" }));
  });

  it("any tables give rules, and any rules places or an error of ours", () => {
    const name = fc.constantFrom("a.test", "a.test/x", "*.test", "/", "..", "a.test/X", "", 5);
    const table = fc.record({
      prefix: name,
      location: name,
      mirror: fc.oneof(fc.jsonValue(), fc.array(fc.record({ location: name }))),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(table)), (registry) => {
        try {
          placesOf(parseReference("a.test/x/y"), registryRulesOf({ registry }));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^REGISTR/) });
        }
      }),
    );
  });
});

describe("docker's daemon.json", () => {
  it("its mirrors serve Docker Hub alone; insecure registries need no certificate", () => {
    const rules = daemonRulesOf({
      "registry-mirrors": ["https://mirror.test/", "http://plain.test:5000/cache", "nonsense", "ftp://x", 5],
      "insecure-registries": ["soft.test:5000", "10.0.0.0/8"],
    });
    expect(shown("alpine", rules)).toEqual([
      "mirror.test/library/alpine mirror",
      "plain.test:5000/cache/library/alpine insecure mirror",
      "docker.io/library/alpine",
    ]);
    expect(shown("quay.io/a/b", rules)).toEqual(["quay.io/a/b"]);
    expect(shown("soft.test:5000/a", rules)).toEqual(["soft.test:5000/a insecure"]);
  });

  it("takes no time over a mirror of slashes", () => {
    const slashes = `m.test${"/".repeat(500_000)}x`;
    const start = process.cpuUsage();
    expect(daemonRulesOf({ "registry-mirrors": [`https://${slashes}`] })[0]?.mirrors).toHaveLength(1);
    expect(registryRulesOf({ registry: [{ prefix: slashes, location: slashes }] })).toHaveLength(1);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
  });

  it("none is nothing, a broken one an error", async () => {
    expect(await readDaemonJson(join(folder, "none"))).toEqual([]);
    writeFileSync(join(folder, "daemon.json"), "{");
    await expect(readDaemonJson(join(folder, "daemon.json"))).rejects.toMatchObject({
      code: "REGISTRIES_CONF_INVALID",
    });
  });
});
