/**
 * Two versions of an image built by a real dockerd on one base and a third on another, compared from the daemon, a
 * registry and an archive, judged by the starter knowledge.
 */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engines, isRoot, missingCommands, runChild, sharedData, startEngines } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const rootfs = sharedData("rootfs", "alpine");
const lacking = [...missingCommands("dockerd", "docker", "docker-registry"), ...(isRoot() ? [] : ["root"])];
const skipped = rootfs === null ? "no shared data" : lacking.length > 0 ? `without ${lacking.join(", ")}` : "";
const title = skipped === "" ? "images of a real daemon" : `images of a real daemon (skipped: ${skipped})`;

/** Package files of the application, in one layer each. */
const shops: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  one: { lodash: "4.17.15", minimist: "1.2.8" },
  two: { lodash: "4.17.21", minimist: "1.2.8", axios: "0.21.0" },
};

interface Told {
  readonly sameKnowledge: boolean;
  readonly packages: readonly { readonly state: string; readonly name: string; readonly afterLayer: Layer | null }[];
  readonly findings: readonly {
    readonly state: string;
    readonly cause: string;
    readonly package: { readonly name: string; readonly afterLayer: Layer | null };
  }[];
  readonly layers: readonly { readonly state: string; readonly after: Layer | null; readonly added: number }[];
}
interface Layer {
  readonly index: number;
  readonly command: string;
  readonly diffId: string;
}

describe.skipIf(skipped !== "")(title, () => {
  let engines: Engines | undefined;

  beforeAll(async () => {
    engines = await startEngines();
    const base = join(rootfs ?? "", "alpine-minirootfs-3.18.9-x86_64.tar.gz");
    await engines.run("docker", ["import", base, "base:3.18"]);
    await engines.run("docker", ["import", join(rootfs ?? "", "alpine-minirootfs-3.14.10-x86_64.tar.gz"), "base:3.14"]);
    await build("shop:1", "base:3.18", "one");
    await build("shop:2", "base:3.18", "two");
    await build("shop:old", "base:3.14", "two");
  }, 180_000);
  afterAll(async () => {
    await engines?.stop();
  }, 60_000);

  async function build(tag: string, base: string, shop: string): Promise<void> {
    const { folder, registry, run } = running();
    const context = join(folder, tag.replace(":", "-"));
    for (const [name, version] of Object.entries(shops[shop] ?? {})) {
      const place = join(context, "app", "node_modules", name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "package.json"), JSON.stringify({ name, version, license: "MIT" }));
    }
    writeFileSync(join(context, "notes"), "the same in every version\n");
    utimesSync(join(context, "notes"), 1_700_000_000, 1_700_000_000);
    writeFileSync(join(context, "Dockerfile"), `FROM ${base}\nCOPY notes /srv/notes\nENV SHOP=1\nCOPY app /app\n`);
    await run("docker", ["build", "-q", "--network", "host", "-t", tag, context]);
    await run("docker", ["tag", tag, `${registry}/${tag}`]);
    await run("docker", ["push", "-q", `${registry}/${tag}`]);
    await run("docker", ["save", "-o", join(folder, `${tag.replace(":", "-")}.tar`), tag]);
  }

  function running(): Engines {
    if (engines === undefined) throw new Error("the engines did not start");
    return engines;
  }

  async function ran(args: readonly string[]) {
    const env = { DOCKER_HOST: running().dockerHost, SOURCE_DATE_EPOCH: "1770000000" };
    return runChild({ args: [...args, "--standalone", "--allow-incomplete"], env, timeoutMs: 90_000 });
  }

  async function compared(before: string, after: string): Promise<Told> {
    const child = await ran(["diff", before, after, "--output", "json"]);
    expect(child.code, child.stderr).toBe(0);
    return JSON.parse(child.stdout) as Told;
  }

  it("shares the base, and names the layer that brought each new finding", { timeout: 120_000 }, async () => {
    const { layers, packages, findings, sameKnowledge } = await compared("docker://shop:1", "docker://shop:2");
    expect(sameKnowledge).toBe(true);
    expect(layers.map(({ state }) => state)).toEqual(["shared", "shared", "added", "removed"]);
    expect(packages.map(({ state, name }) => `${state} ${name}`)).toEqual(["added axios", "upgraded lodash"]);
    const states = (name: string) => new Set(findings.flatMap((one) => (one.package.name === name ? [one.state] : [])));
    expect(states("lodash")).toEqual(new Set(["fixed"]));
    expect(states("axios")).toEqual(new Set(["added"]));
    for (const { package: pkg } of findings) expect(pkg.afterLayer?.command).toMatch(/COPY .* \/app/);
    expect(layers[2]?.added).toBe(findings.filter(({ state }) => state === "added").length);
  });

  it("tells another base: all its layers, and no package of the application", { timeout: 120_000 }, async () => {
    const { layers, packages } = await compared("docker://shop:old", "docker://shop:2");
    expect(layers.filter(({ state }) => state === "shared")).toEqual([]);
    expect(layers.filter(({ after }) => after !== null)).toHaveLength(3);
    const names = packages.map(({ name }) => name);
    expect(names).toContain("musl");
    expect(names).not.toContain("axios");
  });

  it("finds no difference between the same image from daemon, registry and archive", { timeout: 180_000 }, async () => {
    const { registry, folder } = running();
    for (const other of [`pull://${registry}/shop:2`, join(folder, "shop-2.tar")]) {
      const { layers, packages, findings } = await compared("docker://shop:2", other);
      expect([packages, findings], other).toEqual([[], []]);
      expect(new Set(layers.map(({ state }) => state))).toEqual(new Set(["shared"]));
    }
  });

  it("gates a scan by what the last release had", { timeout: 180_000 }, async () => {
    const log = join(running().folder, "new.sarif");
    const args = ["scan", "docker://shop:2", "--baseline", "docker://shop:1", `--output=sarif=${log}`];
    const child = await ran(args);
    expect(child.stdout).toContain("Against the baseline shop:1");
    const { runs } = JSON.parse(readFileSync(log, "utf8")) as {
      readonly runs: readonly {
        readonly results: readonly { baselineState: string; properties: { package: string } }[];
      }[];
    };
    const results = runs.flatMap((run) => run.results);
    for (const { baselineState, properties } of results) {
      expect(baselineState, properties.package).toBe(properties.package === "axios" ? "new" : "unchanged");
    }
    expect(results.length).toBeGreaterThan(0);
    expect((await ran(["scan", "docker://shop:1", "--baseline", "docker://shop:1"])).code).toBe(0);
  });
});
