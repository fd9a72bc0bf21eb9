import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ociLayoutOf, type TestImage, testCertificates } from "@plimsoll/testkit";

export const robot = { user: "robot", password: "correct-horse-battery" } as const;
/** bcrypt, as docker-registry wants it. */
const htpasswd = "robot:$2y$05$z/f07XxdlwmnOuRdRrVtw.3ue72JgHX2Ne2hRv5tz/v/qTJ70ZBsS\n";

/** A real docker-registry with TLS of an authority of its own, which wants a login for everything. */
export interface LockedRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** PEM of its authority. */
  readonly authority: string;
  /** Stores an image by `skopeo`; its name in full. */
  readonly push: (name: string, image: TestImage) => string;
}

/** Starts one; `isLocked` false: without TLS and login, as on one's own machine. */
export async function openLockedRegistry({ isLocked = true } = {}): Promise<LockedRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-locked-"));
  const port = await freePort();
  const file = (path: string, text: string) => {
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  const { cert, key } = testCertificates.server;
  const tls = `, tls: {certificate: ${file("cert.pem", cert)}, key: ${file("key.pem", key)}}`;
  const lines = [
    "version: 0.1",
    "log: {level: error}",
    `storage: {filesystem: {rootdirectory: ${join(folder, "data")}}}`,
    ...(isLocked ? [`auth: {htpasswd: {realm: test, path: ${file("htpasswd", htpasswd)}}}`] : []),
    `http: {addr: "127.0.0.1:${port}"${isLocked ? tls : ""}}`,
  ];
  const child = spawn("docker-registry", ["serve", file("registry.yml", `${lines.join("\n")}\n`)], { stdio: "ignore" });
  const host = `127.0.0.1:${port}`;
  await answering(`http://${host}/v2/`);
  return {
    host,
    authority: testCertificates.ca,
    push: (name, image) => {
      const layout = mkdtempSync(join(folder, "layout-"));
      for (const [path, bytes] of ociLayoutOf([{ ...image, tag: "1" }])) {
        mkdirSync(dirname(join(layout, path)), { recursive: true });
        writeFileSync(join(layout, path), bytes);
      }
      const login = ["--dest-tls-verify=false", "--dest-creds", `${robot.user}:${robot.password}`];
      execFileSync("skopeo", ["copy", "-q", ...login, `oci:${layout}:1`, `docker://${host}/${name}`]);
      return `${host}/${name}`;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      if (child.exitCode === null) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const tried = await fetch(url).catch(() => null);
    if (tried !== null) return;
    await wait(100);
  }
  throw new Error("docker-registry does not answer");
}
