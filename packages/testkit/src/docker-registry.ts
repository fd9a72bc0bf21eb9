import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { answers, ended } from "./engine-process.ts";
import { freePort } from "./free-port.ts";
import { ociLayoutOf, type TestImage } from "./image.ts";
import { testCertificates } from "./test-certificates.ts";

/** Whom a locked one lets in. */
export const robot = { user: "robot", password: "correct-horse-battery" } as const;
/** bcrypt, as docker-registry wants it. */
const htpasswd = "robot:$2y$05$z/f07XxdlwmnOuRdRrVtw.3ue72JgHX2Ne2hRv5tz/v/qTJ70ZBsS\n";

/** A real docker-registry. Needs `docker-registry`, and `skopeo` for what is pushed. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** PEM of its authority. */
  readonly authority: string;
  /** Stores an image by `skopeo`; its name in full. */
  readonly push: (name: string, image: TestImage) => string;
}

/** Starts one. Locked, it has TLS of an authority of its own and wants a login for everything; else neither. */
export async function openDockerRegistry({ isLocked }: { readonly isLocked: boolean }): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-registry-"));
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
  await answers(async () => void (await fetch(`http://${host}/v2/`)));
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
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
