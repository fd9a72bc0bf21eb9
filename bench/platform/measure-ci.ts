/** What CI waits for an image that the platform knows, with the very requests that the command line sends. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { dockerArchiveOf, imageOf, type TarEntry } from "@plimsoll/testkit";
import type { BenchServer } from "./bench-server.ts";
import { Caller } from "./http-clients.ts";
import { fromShare } from "./timing.ts";

interface Sent {
  readonly path: string;
  readonly body: Buffer;
}

interface CiMeasure {
  readonly server: BenchServer;
  readonly work: string;
  /** Times that each question is asked. */
  readonly asks: number;
}

/** p95 of each in ms. */
export async function measureCi({
  server,
  work,
  asks,
}: CiMeasure): Promise<{ readonly known: number; readonly gate: number }> {
  const archive = join(work, "known.tar");
  writeFileSync(archive, dockerArchiveOf([{ ...knownImage(), tags: ["shop/known:1"] }]));
  await questionsOf(archive, server, work);
  const questions = await questionsOf(archive, server, work);
  if (questions.some(({ path }) => path.startsWith("/uploads")))
    throw new Error("the load is not real: the image is not known");
  const caller = new Caller(server.url, server.token);
  const known: number[] = [];
  const gate: number[] = [];
  for (let asked = 0; asked < asks; asked++) {
    known.push(await timed(caller, questions.map(asAnother)));
    gate.push(
      await timed(
        caller,
        questions
          .filter(({ path }) => path === "/scans")
          .map(asAnother)
          .map(asGate),
      ),
    );
    await wait(20);
  }
  caller.close();
  for (const [name, waits] of [
    ["known image", known],
    ["gate by manifest", gate],
  ] as const) {
    console.log(
      `${name}: median ${fromShare(waits, 50)} ms, p95 ${fromShare(waits, 95)} ms, p99 ${fromShare(waits, 99)} ms`,
    );
  }
  return { known: fromShare(known, 95), gate: fromShare(gate, 95) };
}

async function timed(caller: Caller, questions: readonly Sent[]): Promise<number> {
  const started = performance.now();
  for (const { path, body } of questions) {
    const { status, text } = await caller.ask("POST", path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  }
  return performance.now() - started;
}

/** Under a key of its own: the same one would be answered from what is kept. */
function asAnother({ path, body }: Sent): Sent {
  if (path !== "/scans") return { path, body };
  return { path, body: Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), key: randomUUID() })) };
}

function asGate({ path, body }: Sent): Sent {
  return { path, body: Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), answer: "verdict" })) };
}

/** What the command line asks the server about an image, read on its way. */
async function questionsOf(archive: string, { url, token }: BenchServer, work: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const front = createServer(async (request, response) => {
    const body = await buffer(request);
    const path = (request.url ?? "").replace("/secure/vulnerability/v1", "");
    sent.push({ path, body });
    const { authorization = "", "content-type": type = "" } = request.headers;
    const method = request.method ?? "GET";
    const answer = await fetch(`${url}${request.url}`, {
      method,
      headers: { authorization, "content-type": type },
      ...(method !== "GET" && { body }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const address = front.address();
  const port = typeof address === "object" ? address?.port : 0;
  const cli = join(import.meta.dirname, "../../dist/cli/main.cjs");
  const flags = ["--apiurl", `http://127.0.0.1:${port}`, "--cachepath", mkdtempSync(join(work, "cache-"))];
  const child = spawn(process.execPath, [cli, "scan", `file://${archive}`, ...flags], {
    env: { ...process.env, SECURE_API_TOKEN: token },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = buffer(child.stderr);
  const [code] = (await once(child, "exit")) as [number | null];
  front.close();
  if (code === 2 || sent.every(({ path }) => path !== "/scans")) throw new Error(`${code}: ${await said}`);
  return sent;
}

/** 120 packages of Debian below 180 of npm. */
function knownImage() {
  const status = Array.from({ length: 120 }, (_, at) => {
    const source =
      at < 12 ? ["openssl", "curl", "zlib", "perl", "glibc", "systemd"][Math.floor(at / 2)] : `quiet-${at}`;
    return `Package: ${source}-part${at}\nStatus: install ok installed\nArchitecture: amd64\nSource: ${source}\nVersion: 1.${at}.0-1\nMaintainer: Debian <d@debian.org>\n`;
  });
  const names = ["lodash", "minimist", "express", "axios", "qs", "ws", "semver", "tar", "marked", "moment"];
  const libraries = Array.from({ length: 180 }, (_, at): TarEntry => {
    const name = names[at] ?? `quiet-${at}`;
    return { path: `app/node_modules/${name}/package.json`, body: JSON.stringify({ name, version: `1.${at}.0` }) };
  });
  const release = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';
  return imageOf([
    [
      { path: "etc/os-release", body: release },
      { path: "var/lib/dpkg/status", body: `${status.join("\n")}\n` },
    ],
    libraries,
  ]);
}
