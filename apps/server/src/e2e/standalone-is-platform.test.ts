import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { reportFormats } from "@plimsoll/formats";
import {
  alpineLayer,
  dockerArchiveOf,
  imageOf,
  type LayerInput,
  repositoryRoot,
  runChild,
  sharedData,
  startTestRegistry,
} from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFirst } from "../testing/built-server.ts";
import { now, startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let url: string;
let folder: string;
let token: string;
let runs = 0;

const lodash: LayerInput = [
  { path: "srv/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.20"}' },
];
const broken: LayerInput = [{ path: "app/broken.jar", body: "PK\u0003\u0004 and no more" }];
const bad = alpineLayer("zlib 1.2.12-r0", "expat 2.4.1-r0", "openssl 3.1.0-r0");

beforeAll(async () => {
  server = await startTestServer();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  folder = mkdtempSync(join(tmpdir(), "plimsoll-equal-"));
  token = (await server.token()).authorization.replace("Bearer ", "");
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function archive(name: string, layers: readonly LayerInput[]): string {
  const path = join(folder, `${name}.tar`);
  writeFileSync(path, dockerArchiveOf([{ ...imageOf(layers), tags: [`shop/${name}:1.0`] }]));
  return path;
}

const documents = reportFormats.filter(({ name }) => name !== "console");

/** Everything one run tells: exit code, both streams, and a document in every format. */
async function told(args: readonly string[], program?: string) {
  const into = join(folder, `run-${++runs}`);
  mkdirSync(into);
  const outputs = documents.flatMap(({ name }) => ["--output", `${name}=${join(into, name)}`]);
  const env = { SOURCE_DATE_EPOCH: String(now / 1000), SECURE_API_TOKEN: token };
  const { code, stdout, stderr } = await runChild({
    args: ["scan", ...args, "--output", "console", ...outputs],
    env,
    ...(program !== undefined && { program }),
  });
  const written = documents.map(({ name }) => {
    try {
      return [name, readFileSync(join(into, name), "utf8")];
    } catch {
      return [name, null];
    }
  });
  rmSync(into, { recursive: true });
  return { code, stdout, stderr, ...Object.fromEntries(written) };
}

/** Judged here and by the platform: first time, and when it knows all layers. Answers what all of them told. */
async function alike(source: string, ...flags: readonly string[]) {
  const here = await told([source, "--standalone", "--dbpath", server.database, ...flags]);
  for (let time = 0; time < 2; time++) expect(await told([source, "--apiurl", url, ...flags])).toEqual(here);
  return here;
}

describe("standalone equals platform, byte for byte in every format", () => {
  it("an image: policies fail", async () => {
    const { code, stdout } = await alike(archive("bad", [bad, lodash]));
    expect(code).toBe(1);
    expect(stdout).toContain("lodash");
  });

  it("an image of which something could not be read: incomplete", async () => {
    const source = archive("broken", [alpineLayer("zlib 1.3.2-r0"), broken]);
    expect((await alike(source)).code).toBe(3);
    expect((await alike(source, "--allow-incomplete")).code).toBe(0);
  });

  it.each([
    ["named policies", ["--policy", "pci-dss-v4-0,Plimsoll Default"]],
    ["a policy that nobody knows", ["--policy", "no-such-policy"]],
    ["another name", ["--override-pullstring", "other/name:2"]],
    ["the age that knowledge may have", ["--max-knowledge-age", "100000"]],
    ["all details", ["--detailed-policies-eval", "--full-vulns-table", "--separate-by-layer"]],
    ["no database to be fetched", ["--skip-get-database"]],
    ["no cache", ["--no-cache"]],
    ["a filtered SARIF log", ["--sarif", "min-severity=high"]],
  ])("%s", async (_, flags) => {
    await alike(archive("flags", [bad, lodash]), ...flags);
  });

  it("--baseline: an image, and a report", async () => {
    const before = archive("before", [bad]);
    const after = archive("after", [bad, lodash]);
    const report = join(folder, "before.json");
    const env = { SOURCE_DATE_EPOCH: String(now / 1000) };
    const args = [before, "--standalone", "--dbpath", server.database, "--output", `plimsoll-json=${report}`];
    await runChild({ args, env });
    expect((await alike(after, "--baseline", before)).code).toBe(1);
    expect((await alike(before, "--baseline", after)).code).toBe(3);
    await alike(after, "--baseline", report);
    await alike(after, "--baseline", archive("never-kept", [alpineLayer("zlib 1.2.11-r0")]));
    const { rows } = await server.services.pool.query("select from asset where name like '%never-kept%'");
    expect(rows).toEqual([]);
  });

  it("a folder and an SBOM", async () => {
    const tree = join(folder, "tree", "node_modules", "lodash");
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, "package.json"), '{"name":"lodash","version":"4.17.20"}');
    await alike(`dir:${join(folder, "tree")}`);
    const sbom = join(folder, "bom.json");
    await runChild({ args: ["sbom", archive("bom", [bad]), "--output", `plimsoll-json=${sbom}`] });
    await alike(`sbom:${sbom}`);
  });

  it("an image in a registry: the second time no layer is asked for", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("shop/web", "1", imageOf([alpineLayer("zlib 1.2.12-r0", "musl 1.2.3-r0"), lodash]));
    const flags = ["--registry-skip-tls"];
    const here = await told([`pull://${reference}`, "--standalone", "--dbpath", server.database, ...flags]);
    expect(await told([`pull://${reference}`, "--apiurl", url, ...flags])).toEqual(here);
    const before = registry.requests.length;
    expect(await told([`pull://${reference}`, "--apiurl", url, ...flags])).toEqual(here);
    const blobs = registry.requests.slice(before).filter(({ path }) => path.includes("/blobs/"));
    expect(blobs.length).toBeLessThanOrEqual(1);
  });

  it("a database of one's own is refused, not ignored", async () => {
    const { code, stderr } = await told([archive("db", [bad]), "--apiurl", url, "--dbpath", server.database]);
    expect(code).toBe(2);
    expect(stderr).toContain("[NOT_WITH_PLATFORM]");
  });
});

const reason = "needs ../shared/data";
const sboms = sharedData("pkgdb", "sboms-cyclonedx-spdx.tar.zst");

describe.skipIf(sboms === null)(`standalone equals platform on real SBOMs (${reason})`, () => {
  it("fifty of other tools, exit code and every format", async () => {
    buildFirst();
    const built = join(repositoryRoot, "dist", "cli", "main.cjs");
    const files = sboms === null ? [] : filesOf(zstdDecompressSync(readFileSync(sboms)));
    let equal = 0;
    const bound = Math.ceil(files.length / 60);
    for (const [index, [, text]] of files.entries()) {
      if (index % bound !== 0 || text.length > 8e6) continue;
      const path = join(folder, `real-${index}`);
      writeFileSync(path, text);
      const [here, there] = await Promise.all([
        told([`sbom:${path}`, "--standalone", "--dbpath", server.database], built),
        told([`sbom:${path}`, "--apiurl", url], built),
      ]);
      expect(there).toEqual(here);
      if (here["json-v1"] !== null) equal += 1;
    }
    expect(equal).toBeGreaterThanOrEqual(50);
  }, 600_000);
});

const rootfs = sharedData("rootfs");
const images = [
  ["alpine/alpine-minirootfs-3.18.9-x86_64.tar.gz", [lodash]],
  ["alpine/alpine-minirootfs-3.14.10-x86_64.tar.gz", []],
  ["alpine/alpine-minirootfs-20240923-x86_64.tar.gz", [broken]],
  ["almalinux/almalinux-9-micro-aarch64-2022-05-09.tar.xz", [lodash]],
  ["../pkgdb/debian/debian-12-web-2026-11-21.metadata.tar.xz", [lodash, broken]],
  ["busybox/latest-musl-amd64-rootfs.tar.gz", []],
] as const;

describe.skipIf(rootfs === null)(`standalone equals platform on real root filesystems as images (${reason})`, () => {
  it.each(images)(
    "%s",
    async (name, layers) => {
      const bytes = readFileSync(join(rootfs ?? "", name));
      const tar = name.endsWith(".gz")
        ? gunzipSync(bytes)
        : execFileSync("xz", ["-dc"], { input: bytes, maxBuffer: 2 ** 30 });
      await alike(archive(`real-${runs}`, [tar, ...layers]));
    },
    120_000,
  );
});

/** Regular JSON and XML files of a tar archive. */
function filesOf(tar: Buffer): [string, string][] {
  const files: [string, string][] = [];
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    if (name === "") break;
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    if (/\.(json|xml)$/.test(name)) files.push([name, tar.toString("utf8", at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
