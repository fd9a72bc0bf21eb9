/**
 * A Debian image with packages of PyPI, npm and Maven, built by a real Docker engine, against what the tools of those
 * ecosystems say of the same files: dpkg-query, pip list, npm ls, and the jars that were put in.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ContainerEngines,
  containerEngineCommands,
  type Engines,
  faultsOfReportV1,
  isRoot,
  missingCommands,
  runChild,
  startContainerEngines,
  startEngines,
  storeDriver,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inventory, type InventoryPackage, inventoryOf } from "./inventory.ts";
import { type Place, referencesTo } from "./references.ts";

const commands = [
  "dockerd",
  "docker",
  "docker-registry",
  ...containerEngineCommands,
  "debootstrap",
  "dpkg-query",
  "python3",
  "npm",
  "mvn",
];
const missing = [...missingCommands(...commands), ...(isRoot() ? [] : ["root"])];
const title = `a Debian image with PyPI, npm and Maven packages${missing.length > 0 ? ` (skipped: without ${missing.join(", ")})` : ""}`;
const image = "shop:1";
const jars = [
  "org.apache.logging.log4j:log4j-core:2.14.1",
  "com.fasterxml.jackson.core:jackson-databind:2.9.10",
] as const;

const dockerfile = `FROM scratch
ADD rootfs.tar /
ENV SHOP=1
RUN dpkg --purge --force-depends --force-remove-essential bsdutils
COPY py /usr/local/lib/python3.11/dist-packages
COPY node /srv/node
COPY java /opt/java
RUN rm /opt/java/jackson-databind-2.9.10.jar
`;

describe.skipIf(missing.length > 0)(title, () => {
  let engines: Engines | undefined;
  let containers: ContainerEngines | undefined;
  let context = "";
  let inventories: Record<string, Inventory> = {};
  let places: Record<string, Place> = {};
  const env = () => ({ DOCKER_HOST: engines?.dockerHost ?? "", ...containers?.env });

  beforeAll(async () => {
    engines = await startEngines();
    context = join(engines.folder, "context");
    await fill(context, engines);
    await engines.run("docker", ["build", "-q", "--network", "host", "-t", image, context]);
    const folder = join(engines.folder, "c");
    containers = await startContainerEngines(folder, await storeDriver(folder));
    places = await referencesTo(image, engines, containers);
    const waiting = Object.entries(places);
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        inventories[next[0]] = await inventoryOf(next[1], env());
    };
    await Promise.all([work(), work()]);
  }, 900_000);
  afterAll(async () => {
    inventories = {};
    await containers?.stop();
    await engines?.stop();
  }, 120_000);

  const saved = () => inventories.archive ?? fail("the archive was not read");
  const present = (ecosystem: string) =>
    saved().packages.filter((pkg) => pkg.ecosystem === ecosystem && pkg.removedIn === undefined);

  it("is the same from every source", () => {
    expect(Object.keys(inventories)).toHaveLength(13);
    for (const [source, inventory] of Object.entries(inventories)) expect(inventory, source).toEqual(saved());
  });

  it("has the dpkg packages that dpkg-query lists, with source package, less the purged one", () => {
    const fields = ["db:Status-Abbrev", "Package", "Version", "Architecture", "source:Package", "source:Version"];
    const format = `${fields.map((field) => `\${${field}}`).join("|")}\n`;
    const database = join(context, "rootfs", "var", "lib", "dpkg");
    const { stdout } = spawnSync("dpkg-query", [`--admindir=${database}`, "-W", "-f", format], { encoding: "utf8" });
    const told = stdout.split("\n").filter((line) => line.startsWith("ii ") && !line.includes("|bsdutils|"));
    const ours = present("deb").map((pkg) => {
      const source = pkg.source ?? { name: pkg.name, version: pkg.version };
      return `ii |${[pkg.name, pkg.version, pkg.arch, source.name, source.version].join("|")}`;
    });
    expect(told.length).toBeGreaterThan(80);
    expect(ours.sort()).toEqual(told.sort());
  });

  it("says that the purged package came with the first layer and went with the third history row's", () => {
    const [gone] = saved().packages.filter(({ name }) => name === "bsdutils");
    const files = saved().diffIds.filter((diffId) => diffId !== null);
    expect([gone?.introducedIn, gone?.removedIn]).toEqual([files[0], files[1]]);
    expect(new Set(present("deb").map(({ introducedIn }) => introducedIn))).toEqual(new Set([files[0]]));
  });

  it("has the Python packages that pip lists, brought by their layer and owned by nobody", () => {
    const pip = spawnSync("python3", ["-m", "pip", "list", "--format", "json", "--path", join(context, "py")], {
      encoding: "utf8",
    });
    const told = (JSON.parse(pip.stdout) as { name: string; version: string }[]).map(
      ({ name, version }) => `${name} ${version}`,
    );
    const ours = present("pypi").filter((pkg) => pathOf(pkg).startsWith("usr/local/"));
    expect(told.length).toBeGreaterThan(8);
    expect(ours.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(told.sort());
    for (const pkg of ours)
      expect([commandOf(pkg, saved()), pkg.ownedBy]).toEqual([expect.stringContaining("COPY"), undefined]);
  });

  it("has the npm packages that npm ls --all lists", () => {
    const npm = spawnSync("npm", ["ls", "--all", "--json", "--long"], {
      cwd: join(context, "node"),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const told = new Set<string>();
    collect(JSON.parse(npm.stdout) as NpmTree, told);
    const ours = present("npm").filter((pkg) => pathOf(pkg).startsWith("srv/node/node_modules/"));
    expect(told.size).toBeGreaterThan(40);
    expect([...new Set(ours.map(({ name, version }) => `${name} ${version}`))].sort()).toEqual([...told].sort());
  });

  it("gives the same sound report v1 from every kind of source, and byte for byte again", {
    timeout: 300_000,
  }, async () => {
    const { archive, stdin, registry, daemon, podman, store, containerd } = places;
    const reports: string[] = [];
    for (const place of [archive, archive, stdin, registry, daemon, podman, store, containerd])
      reports.push(await reportOf(place ?? fail("a source is missing"), env()));
    const [first = "", again, ...others] = reports;
    expect(faultsOfReportV1(JSON.parse(first))).toEqual([]);
    expect(first).toContain("CVE-2021-23337");
    expect(again).toBe(first);
    for (const other of others) expect(comparable(other)).toEqual(comparable(first));
  });

  it("has the jar that is there, and knows which layer removed the other", () => {
    const java = saved().packages.filter(({ ecosystem }) => ecosystem === "maven");
    const files = saved().diffIds.filter((diffId) => diffId !== null);
    const told = java.map(({ name, version, removedIn }) => [`${name}:${version}`, removedIn]).sort();
    expect(told).toEqual([
      [jars[1], files.at(-1)],
      [jars[0], undefined],
    ]);
  });
});

interface NpmTree {
  readonly dependencies?: Readonly<Record<string, NpmTree>>;
  readonly version?: string;
  readonly name?: string;
}

function collect(tree: NpmTree, told: Set<string>): void {
  for (const [name, child] of Object.entries(tree.dependencies ?? {})) {
    if (child.version !== undefined) told.add(`${child.name ?? name} ${child.version}`);
    collect(child, told);
  }
}

/** Root file system, Python, npm and Maven packages, each from where its users get it. */
async function fill(context: string, { run }: Engines): Promise<void> {
  mkdirSync(join(context, "java"), { recursive: true });
  await run("debootstrap", ["--variant=minbase", "bookworm", join(context, "rootfs")]);
  await run("tar", ["-C", join(context, "rootfs"), "-cf", join(context, "rootfs.tar"), "."]);
  const python = ["flask==2.0.1", "werkzeug==2.0.1", "requests==2.25.0", "pyyaml==6.0"];
  await run("python3", [
    "-m",
    "pip",
    "install",
    "-q",
    "--no-warn-conflicts",
    "--target",
    join(context, "py"),
    ...python,
  ]);
  const node = join(context, "node");
  mkdirSync(node);
  const dependencies = { lodash: "4.17.15", express: "4.17.1", minimist: "1.2.0" };
  writeFileSync(join(node, "package.json"), JSON.stringify({ name: "shop", version: "1.0.0", dependencies }));
  await run("npm", ["install", "--silent", "--no-audit", "--ignore-scripts", "--prefix", node]);
  for (const artifact of jars) {
    const copy = [
      "-q",
      "-B",
      "dependency:copy",
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${join(context, "java")}`,
    ];
    await run("mvn", copy);
  }
  writeFileSync(join(context, "Dockerfile"), dockerfile);
  writeFileSync(join(context, ".dockerignore"), "rootfs\n");
  cpSync(join(context, "node", "package.json"), join(context, "java", "not-a-jar.json"));
}

async function reportOf({ reference, stdin }: Place, where: Readonly<Record<string, string>>): Promise<string> {
  const args = ["scan", reference, "--output", "json", "--override-pullstring", image, "--skip-get-database"];
  const env = { SOURCE_DATE_EPOCH: "1800000000", ...where };
  const input = stdin === undefined ? {} : { stdin: readFileSync(stdin) };
  const { code, stdout, stderr } = await runChild({ args, env, timeoutMs: 120_000, ...input });
  expect(code, stderr).toBe(1);
  return stdout;
}

/** A saved archive has no manifest, so only a registry knows the manifest's digest; how it was reached may differ too, and skopeo writes the configuration anew for the OCI. */
function comparable(text: string): unknown {
  const differing = new Set(["digest", "source", "imageId"]);
  return JSON.parse(text, (key, value) => (differing.has(key) ? undefined : value));
}

function pathOf(pkg: InventoryPackage): string {
  return pkg.locations[0]?.path ?? "";
}

function commandOf(pkg: InventoryPackage, { diffIds, commands: history }: Inventory): string {
  return history[diffIds.indexOf(pkg.introducedIn)] ?? "";
}

function fail(why: string): never {
  throw new Error(why);
}
