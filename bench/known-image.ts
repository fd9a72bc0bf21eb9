/**
 * How long a CI scan takes whose image the platform knows, and a gate that sends the image's documents alone; everything
 * (server, database, client) on this machine. `node bench/known-image.ts ARCHIVE…` with `docker save` archives; needs a
 * build, docker-registry and skopeo. A gate is asked again whenever it has answered and four times as long went by: 20 %
 * load.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fromShare } from "./platform/timing.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "30" }, asks: { type: "string", default: "100" } },
});
const root = join(import.meta.dirname, "..");
const work = mkdtempSync(join(tmpdir(), "plimsoll-known-"));
const [port, registryPort] = [8491, 8492];
const url = `http://127.0.0.1:${port}`;
const children: ChildProcess[] = [];

if (positionals.length === 0) throw new Error("name at least one `docker save` archive");
try {
  const token = await startServer();
  startRegistry();
  await wait(1500);
  console.log(`${cpus().length} cores, rounds ${values.rounds}, asks ${values.asks}\n`);
  for (const archive of positionals) await benchOne(archive, token);
} finally {
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, "exit") : null)));
  rmSync(work, { recursive: true, force: true });
}

async function startServer(): Promise<string> {
  const env = {
    ...process.env,
    PLIMSOLL_DATA: join(work, "data"),
    PLIMSOLL_LISTEN: `127.0.0.1:${port}`,
    PLIMSOLL_SCANS_PER_MINUTE: "10000",
  };
  // Root's database runs as a user of its own.
  chmodSync(work, 0o755);
  mkdirSync(join(work, "data"));
  const server = spawn(process.execPath, [join(root, "dist/server/main.mjs"), "server"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(server);
  let told = "";
  for await (const text of server.stdout) {
    told += String(text);
    const token = /plm_[\w-]{43}/.exec(told)?.[0];
    if (token !== undefined) return token;
  }
  throw new Error("the server did not start");
}

function startRegistry(): void {
  const config = join(work, "registry.yml");
  const storage = join(work, "registry");
  writeFileSync(
    config,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${storage}}}\nhttp: {addr: "127.0.0.1:${registryPort}"}\nlog: {level: error, accesslog: {disabled: true}}\n`,
  );
  children.push(spawn("docker-registry", ["serve", config], { stdio: "ignore" }));
}

async function benchOne(archive: string, token: string): Promise<void> {
  const name = basename(archive, ".tar").toLowerCase();
  const pushed = `127.0.0.1:${registryPort}/${name}:1`;
  const copied = spawnSync(
    "skopeo",
    ["copy", "-q", "--dest-tls-verify=false", `docker-archive:${archive}`, `docker://${pushed}`],
    { encoding: "utf8" },
  );
  if (copied.status !== 0) throw new Error(`skopeo: ${copied.stderr}`);
  for (const [place, source] of [
    ["registry", `pull://${pushed}`],
    ["archive", `file://${archive}`],
  ] as const) {
    const first = await scan(source, token);
    const times: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) times.push(await scan(source, token));
    console.log(`${name} from ${place}: first ${Math.round(first)} ms, known ${shares(times)}`);
  }
  console.log(`${name}, gate by manifest: ${shares(await askGate(pushed, token))}\n`);
}

/** A scan on a machine that never saw the image: a cache of its own, thrown away. */
async function scan(source: string, token: string, to = url): Promise<number> {
  const cache = mkdtempSync(join(work, "cache-"));
  const started = performance.now();
  const tuning = ["--max-semi-space-size=1", "--v8-pool-size=1", "--no-parallel-scavenge"];
  const args = [...tuning, join(root, "dist/cli/main.cjs"), "scan", source];
  const child = spawn(process.execPath, [...args, "--apiurl", to, "--registry-skip-tls", "--cachepath", cache], {
    env: { ...process.env, SECURE_API_TOKEN: token },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said += String(data);
  });
  const [code] = (await once(child, "exit")) as [number | null];
  const ms = performance.now() - started;
  if (said.includes("[")) throw new Error(`${code}: ${said}`);
  rmSync(cache, { recursive: true });
  return ms;
}

/** What the command line sends of a known image. */
async function documentsOf(source: string, token: string): Promise<Record<string, unknown>> {
  let sent = "";
  const front = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      if (request.url?.endsWith("/scans")) sent = body.toString();
      const headers = { authorization: request.headers.authorization ?? "", "content-type": "application/json" };
      const answer = await fetch(`${url}${request.url}`, { method: request.method ?? "GET", headers, body });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    });
  });
  front.listen(port + 2, "127.0.0.1");
  await scan(source, token, `http://127.0.0.1:${port + 2}`);
  front.close();
  return JSON.parse(sent) as Record<string, unknown>;
}

async function askGate(pushed: string, token: string): Promise<number[]> {
  const { key: _, ...sent } = await documentsOf(`pull://${pushed}`, token);
  const body = JSON.stringify({ ...sent, answer: "verdict" });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const times: number[] = [];
  for (let asked = 0; asked < Number(values.asks); asked++) {
    const started = performance.now();
    const answer = await fetch(`${url}/secure/vulnerability/v1/scans`, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    const ms = performance.now() - started;
    times.push(ms);
    await wait(ms * 4);
  }
  return times;
}

function shares(times: readonly number[]): string {
  return [50, 95].map((share) => `p${share} ${Math.round(fromShare(times, share))} ms`).join(", ");
}
