import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ociLayoutOf, type TestImage } from "@plimsoll/testkit";

/** A real docker-registry without TLS or login that holds one image. Needs `docker-registry` and `skopeo`. */
export async function registryWith(
  image: TestImage,
  repository: string,
): Promise<{ readonly name: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-registry-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const host = `127.0.0.1:${await freePort()}`;
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, "data")}}}`;
  const lines = ["version: 0.1", "log: {level: error}", storage, `http: {addr: "${host}"}`, ""];
  writeFileSync(join(folder, "registry.yml"), lines.join("\n"));
  const child = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
  stack.defer(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  });
  for (let left = 100; (await fetch(`http://${host}/v2/`).catch(() => null)) === null; left--) {
    if (left === 0) throw new Error("docker-registry does not answer");
    await wait(100);
  }
  const layout = join(folder, "layout");
  for (const [path, bytes] of ociLayoutOf([{ ...image, tag: "1" }])) {
    mkdirSync(dirname(join(layout, path)), { recursive: true });
    writeFileSync(join(layout, path), bytes);
  }
  const name = `${host}/${repository}:1`;
  execFileSync("skopeo", ["copy", "-q", "--dest-tls-verify=false", `oci:${layout}:1`, `docker://${name}`]);
  const held = stack.move();
  return { name, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
