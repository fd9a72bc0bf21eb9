import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliEntry, missingCommands, openDockerRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Port, portIn, writeKeys } from "./port.ts";

/** The ways that a database takes from a publisher to a site, with the commands of docs/air-gapped.md. */

let port: Port;
beforeAll(async () => {
  port = portIn();
  writeKeys(port);
  mkdirSync(join(port.folder, "publisher"));
  for (const day of [1, 2]) cpSync(await port.build(day), publisher(day));
});
afterAll(() => port.close());

const publisher = (day: number) => join(port.folder, "publisher", `${day}.sqlite`);

/** `plimsoll db export` of a day's database. */
async function exported(day: number, to: string): Promise<string> {
  const args = ["db", "export", to, "-d", publisher(day), "--sign-key", port.key("harbour.key"), "--level", "3"];
  const child = await port.run(day, args);
  expect([child.code, child.stderr]).toEqual([0, ""]);
  expect(child.filesLeft).toEqual([]);
  return child.stdout;
}

/** `plimsoll db import` of both days, one after the other; what the second said. */
async function bothDays(place: string, from = place): Promise<string> {
  const site = ["-d", join(port.folder, `site-${place.replace(/\W+/g, "-").slice(-30)}`)];
  const take = (day: number) => port.run(day, ["db", "import", from, ...site, "--db-key", port.key("harbour.pub")]);
  await exported(1, place);
  const first = await take(1);
  expect([first.stderr, first.stdout]).toEqual(["", expect.stringContaining("by the whole database")]);
  expect(await exported(2, place)).toContain(`delta from ${port.revision(1)}`);
  const second = await take(2);
  expect([second.code, second.stderr]).toEqual([0, ""]);
  return second.stdout;
}

describe("a signed database", () => {
  it("comes by a folder, and keys are made by keygen", async () => {
    const args = ["db", "keygen", join(port.folder, "other")];
    expect((await port.run(1, args)).stdout).toMatch(/other\.pub: key [0-9a-f]{64}/);
    expect((await port.run(1, args)).stderr).toContain("[OUTPUT_FAILED]");
    expect(await bothDays(port.repository)).toContain("by deltas");
  });

  it("comes by a tar file, ours or one made by tar", async () => {
    const tar = join(port.folder, "vulndb.tar");
    expect(await bothDays(tar)).toContain("by deltas");
    const listed = execFileSync("tar", ["-tf", tar], { encoding: "utf8" });
    expect(listed).toContain("plimsoll-vulndb.json\n");
    const unpacked = join(port.folder, "unpacked");
    mkdirSync(unpacked);
    execFileSync("tar", ["-xf", tar, "-C", unpacked]);
    execFileSync("tar", ["-cf", `${tar}.again.tar`, "-C", unpacked, "."]);
    const args = [
      "db",
      "import",
      `${tar}.again.tar`,
      "-d",
      join(port.folder, "again"),
      "--db-key",
      port.key("harbour.pub"),
    ];
    expect((await port.run(2, args)).stdout).toContain(`revision ${port.revision(2)} installed`);
  });

  it("comes over HTTP from db serve, which serves nothing else and ends well when it is stopped", async () => {
    const repository = join(port.folder, "served");
    await exported(1, repository);
    writeFileSync(join(repository, "secret.txt"), "secret");
    const child = spawn(process.execPath, [cliEntry, "db", "serve", repository, "--listen", "127.0.0.1:0"]);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\/\/\S+\//.exec(line.toString())?.[0] ?? "";
    const env = { PLIMSOLL_DB_URL: url, PLIMSOLL_DB_KEY: port.key("harbour.pub") };
    const update = await port.run(1, ["db", "update", "-d", join(port.folder, "by-http")], { env });
    expect([update.code, update.stdout]).toEqual([0, expect.stringContaining("by the whole database")]);
    for (const path of ["", "secret.txt", "..%2fharbour.key", "%2e%2e/harbour.key", ".update.lock", "../harbour.key"]) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
    }
    expect((await fetch(`${url}plimsoll-vulndb.json`, { method: "PUT", body: "x" })).status).toBe(405);
    const name = `${port.revision(1)}.sqlite.zst`;
    const part = await fetch(url + name, { headers: { range: "bytes=10-19" } });
    const whole = readFileSync(join(repository, name));
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, whole.subarray(10, 20)]);
    expect((await fetch(url + name, { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416);
    const etag = part.headers.get("etag") ?? "";
    expect((await fetch(url + name, { headers: { "if-none-match": etag } })).status).toBe(304);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
  });

  it("is what a scan knows where PLIMSOLL_DB_URL names the mirror, and the report names who signed it", async () => {
    const repository = join(port.folder, "mirror");
    await exported(1, repository);
    const target = join(port.folder, "shop");
    mkdirSync(join(target, "node_modules", "lodash"), { recursive: true });
    writeFileSync(join(target, "node_modules", "lodash", "package.json"), '{"name":"lodash","version":"4.17.15"}');
    const site = join(port.folder, "scanning");
    const env = { PLIMSOLL_DB_URL: repository, PLIMSOLL_DB_KEY: port.key("harbour.pub") };
    const args = ["scan", `dir:${target}`, "-d", site, "--no-cache"];
    const scan = await port.run(1, args, { env });
    expect(scan.stdout).toMatch(new RegExp(`revision\\s+${port.revision(1)},\\s+signed\\s+by\\s+[0-9a-f]{16}`));
    expect(scan.stdout).toContain("CVE-2025-00000");
    expect(readdirSync(site).sort()).toEqual(["vulndb.sqlite", "vulndb.sqlite.origin.json"]);
    const broken = await port.run(2, args, { env: { ...env, PLIMSOLL_DB_URL: join(port.folder, "nowhere") } });
    expect(broken.stdout).toMatch(/no\s+newer\s+vulnerability\s+database\s+could\s+be\s+taken/);
  });

  const missing = missingCommands("docker-registry", "skopeo");
  it.skipIf(missing.length > 0)(
    `comes by a real registry, and is a plain artifact to others (needs docker-registry, skopeo${missing.length > 0 ? `; missing: ${missing}` : ""})`,
    { timeout: 60_000 },
    async () => {
      await using registry = await openDockerRegistry({ isLocked: false });
      const skopeo = (...args: readonly string[]) => execFileSync("skopeo", args, { encoding: "utf8" });
      const reference = `${registry.host}/plimsoll/vulndb:latest`;
      expect(await bothDays(`oci://${reference}`)).toContain("by deltas");
      const raw = skopeo("inspect", "--raw", "--tls-verify=false", `docker://${reference}`);
      const manifest = JSON.parse(raw) as Record<string, unknown> & { layers: Record<string, unknown>[] };
      expect(manifest.artifactType).toBe("application/vnd.plimsoll.vulndb.v1+json");
      const titles = manifest.layers.map(({ annotations }) => Object.values(annotations as object)[0]);
      expect(titles).toEqual([
        "plimsoll-vulndb.json",
        `${port.revision(2)}.sqlite.zst`,
        `${port.revision(1)}-${port.revision(2)}.delta.zst`,
      ]);
      const copy = join(port.folder, "copy");
      skopeo("copy", "-q", "--src-tls-verify=false", `docker://${reference}`, `dir:${copy}`);
      expect(readdirSync(copy).length).toBeGreaterThanOrEqual(5);
      const byNumber = `${registry.host}/plimsoll/vulndb:${port.revision(1)}`;
      expect(skopeo("inspect", "--raw", "--tls-verify=false", `docker://${byNumber}`)).toContain(port.revision(1));
    },
  );
});
