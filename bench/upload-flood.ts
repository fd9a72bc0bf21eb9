/**
 * `node bench/upload-flood.ts [--clients N] [--size BYTES] [--program FILE]`: 10,000 scanners begin to upload at the same
 * moment, each over a connection of its own; who is sent away or cut off comes again, as the command line does. Needs a
 * build. Fails when an acknowledged upload is not in the store, when somebody is never served, when others wait longer than
 * the goal meanwhile, or when all were served at once: then it was no flood.
 */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openDatabase } from "@plimsoll/platform";
import { startBenchServer } from "./platform/bench-server.ts";
import { memoryOf } from "./platform/process-costs.ts";
import { fromShare } from "./platform/timing.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "10000" },
    size: { type: "string", default: "15000" },
    program: { type: "string", default: join(root, "dist/server/main.mjs") },
    flood: { type: "string" },
  },
});
const clients = Number(values.clients);
const goals = { otherMs: 5000, memoryMb: 1000 };
/** A client that is not served after so many attempts gives up. */
const mostAttempts = 200;

interface Flooded {
  /** SHA-256 of what was acknowledged. */
  readonly acknowledged: readonly string[];
  /** How often which answer came; `cut`: the connection was closed without one. */
  readonly answers: Readonly<Record<string, number>>;
  readonly seconds: number;
}

if (values.flood === undefined) await bench();
else process.stdout.write(JSON.stringify(await flood(JSON.parse(values.flood) as { url: string; token: string })));

async function bench(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "plimsoll-flood-"));
  try {
    await using server = await startBenchServer({ work, program: values.program });
    const { url, token } = server;
    const args = [import.meta.filename, "--clients", values.clients, "--size", values.size];
    const child = spawn(process.execPath, [...args, "--flood", JSON.stringify({ url, token })], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let isOver = false;
    const told = buffer(child.stdout).then((text) => JSON.parse(text.toString()) as Flooded);
    const over = told.finally(() => {
      isOver = true;
    });
    const waits: number[] = [];
    let most = 0;
    for (; !isOver; await Promise.race([over, wait(250)])) {
      const started = performance.now();
      const answer = await fetch(`${url}/healthz`).catch(() => null);
      if (answer !== null) waits.push(performance.now() - started);
      most = Math.max(most, memoryOf(server.pid).own);
    }
    const { acknowledged, answers, seconds } = await over;
    await using database = await openDatabase({ folder: join(server.data, "store") }, { join: true });
    const { rows } = await database.pool.query<{ name: string }>("select encode(sha256, 'hex') as name from upload");
    const stored = new Set(rows.map(({ name }) => name));
    const lost = acknowledged.filter((name) => !stored.has(name)).length;
    console.log(
      `${clients} clients, ${values.size} bytes each, ${seconds.toFixed(0)} s; answers: ${JSON.stringify(answers)}`,
    );
    mustBe(acknowledged.length === clients, `${acknowledged.length} acknowledged`);
    mustBe(lost === 0 && stored.size === clients, `${stored.size} in the store, ${lost} of the acknowledged lost`);
    mustBe((answers["503"] ?? 0) + (answers.cut ?? 0) > 0, "some were sent away or cut off");
    mustBe(
      waits.length > 0 && Math.max(...waits) < goals.otherMs,
      `others: ${waits.length} answers, p95 ${fromShare(waits, 95)} ms`,
    );
    mustBe(most < goals.memoryMb, `memory of the server: ${most.toFixed(0)} MB at most`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function mustBe(isMet: boolean, text: string): void {
  console.log(`${text}${isMet ? "" : ": MISSED"}`);
  if (!isMet) process.exitCode = 1;
}

async function flood({ url, token }: { readonly url: string; readonly token: string }): Promise<Flooded> {
  const answers: Record<string, number> = {};
  const acknowledged: string[] = [];
  const bodies = Array.from({ length: clients }, () => randomBytes(Number(values.size)));
  const started = performance.now();
  const client = async (body: Buffer): Promise<void> => {
    const name = createHash("sha256").update(body).digest("hex");
    for (let left = mostAttempts; left > 0; left--) {
      const told = await send(`${url}/secure/vulnerability/v1/uploads/${name}?offset=0`, token, body);
      answers[told] = (answers[told] ?? 0) + 1;
      if (told === "200") return void acknowledged.push(name);
      await wait(500 + Math.random() * 2000);
    }
  };
  await Promise.all(bodies.map(client));
  return { acknowledged, answers, seconds: (performance.now() - started) / 1000 };
}

/** The status of the answer, or `cut`. */
function send(url: string, token: string, body: Buffer): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/octet-stream",
    "content-length": body.length,
  };
  return new Promise((resolve) => {
    const asked = request(url, { method: "PUT", headers, agent: new Agent() });
    asked.on("response", (response) => {
      response.resume();
      response.on("close", () => resolve(String(response.statusCode)));
    });
    asked.on("error", () => resolve("cut"));
    asked.end(body);
  });
}
