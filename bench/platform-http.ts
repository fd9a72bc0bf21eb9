/**
 * The platform as its users meet it: the built server, its PostgreSQL and fifty clients, all on this machine's cores.
 * `node bench/platform-http.ts [--scans N] [--rounds N] [--program FILE] [--vulndb FILE] [--functions]`; needs a build, and
 * knows what the starter knows unless told otherwise. First scans fill the store; each round sends others, with a checkpoint in its
 * middle. Then what CI asks at a fifth of that load: a known image, and a gate by manifest alone. Prints the shape of its
 * load, and fails when that is not real, when an answer is lost, or when a goal is missed. SBOMs are written before the
 * clock runs.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { constants, zstdCompressSync } from "node:zlib";
import { createToken, type OpenDatabase, openDatabase } from "@plimsoll/platform";
import { openStarter, openVulndb } from "@plimsoll/vulndb";
import { type BenchServer, startBenchServer } from "./platform/bench-server.ts";
import { type Orders, sendAll, type Told } from "./platform/http-clients.ts";
import { measureCi } from "./platform/measure-ci.ts";
import { childCalled, cpuSeconds, machineSeconds, memoryOf } from "./platform/process-costs.ts";
import { SentSboms } from "./platform/sent-sboms.ts";
import { fromShare } from "./platform/timing.ts";

type Pool = OpenDatabase["pool"];

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    scans: { type: "string", default: "1000" },
    warm: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    tokens: { type: "string", default: "50" },
    answer: { type: "string", default: "verdict" },
    asks: { type: "string", default: "100" },
    program: { type: "string", default: join(root, "dist/server/main.mjs") },
    vulndb: { type: "string" },
    flag: { type: "string", multiple: true, default: [] },
    functions: { type: "boolean", default: false },
    clients: { type: "boolean", default: false },
  },
});
const [scans, warm, rounds] = [Number(values.scans), Number(values.warm), Number(values.rounds)];
/** Share of an image's packages that no other has; what else is new comes from the tails of the distributions. */
const ownShare = 0.075;
const goals = { scans: 60, knownMs: 1000, gateMs: 200, memoryMb: 700 };

if (values.clients) {
  const orders = JSON.parse((await buffer(process.stdin)).toString()) as Orders;
  process.stdout.write(JSON.stringify(await sendAll(orders)));
} else {
  await bench();
}

async function bench(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "plimsoll-http-"));
  try {
    const all = warm + scans * (rounds + 1);
    await writeLoad(work, all);
    await using server = await startBenchServer({
      work,
      program: values.program,
      vulndb: values.vulndb,
      flags: values.flag,
    });
    await using database = await openDatabase({ folder: join(server.data, "store") }, { join: true });
    const { pool } = database;
    const common = {
      url: server.url,
      tokens: await tokensIn(pool),
      folder: work,
      answer: values.answer as Orders["answer"],
    };
    await told(clientsOf({ ...common, from: 0, to: warm }));
    if (values.functions) {
      await pool.query("alter system set track_functions = 'all'");
      await pool.query("select pg_reload_conf()");
    }
    let best = 0;
    for (let round = 0; round < rounds; round++) {
      const from = warm + round * scans;
      best = Math.max(best, await oneRound({ server, pool, orders: { ...common, from, to: from + scans } }));
    }
    await tellShape(pool, all - scans);
    if (values.functions) await tellFunctions(pool);
    mustBe(best >= goals.scans, `best round: ${best.toFixed(0)} scans a second (goal: ${goals.scans})`);
    if (values.asks === "0") return;
    const busy = clientsOf({ ...common, from: all - scans, to: all, rate: best / 5 });
    const ci = await measureCi({ server, work, asks: Number(values.asks) });
    busy.kill();
    mustBe(ci.known < goals.knownMs && ci.gate < goals.gateMs, "CI at a fifth of that load");
    const { own, files } = memoryOf(server.pid);
    mustBe(own < goals.memoryMb, `memory of the server: ${own.toFixed(0)} MB, and ${files.toFixed(0)} MB of files`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function mustBe(isMet: boolean, text: string): void {
  console.log(`${text}${isMet ? "" : ": MISSED"}`);
  if (!isMet) process.exitCode = 1;
}

async function writeLoad(work: string, count: number): Promise<void> {
  using base = values.vulndb === undefined ? await openStarter(join(work, "starter")) : openVulndb(values.vulndb);
  const images = new SentSboms(base, ownShare);
  let bytes = 0;
  const names = Array.from({ length: count }, (_, n) => {
    const packed = zstdCompressSync(JSON.stringify(images.sbomOf(n)), {
      params: { [constants.ZSTD_c_compressionLevel]: 3 },
    });
    bytes += packed.length;
    writeFileSync(join(work, `${n}.zst`), packed);
    return createHash("sha256").update(packed).digest("hex");
  });
  writeFileSync(join(work, "names.json"), JSON.stringify(names));
  console.log(`${count} SBOMs written, ${(bytes / count / 1024).toFixed(0)} KB each`);
}

async function tokensIn(pool: Pool): Promise<string[]> {
  const made = { team: null, role: "ROLE_TEAM_SCANNER", expiresAt: null };
  const chance = { random: (bytes: number) => randomBytes(bytes), now: Date.now() };
  const tokens = Array.from({ length: Number(values.tokens) }, (_, at) =>
    createToken(pool, { ...made, name: `scanner ${at}` }, chance),
  );
  return (await Promise.all(tokens)).map(({ text }) => text);
}

function clientsOf(orders: Orders): ChildProcess {
  const child = spawn(process.execPath, [import.meta.filename, "--clients"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin?.end(JSON.stringify(orders));
  return child;
}

async function told(child: ChildProcess): Promise<Told> {
  const text = child.stdout === null ? "" : (await buffer(child.stdout)).toString();
  const answer = JSON.parse(text) as Told;
  if (answer.failures.length > 0) throw new Error(`${answer.failures.length} scans failed: ${answer.failures[0]}`);
  return answer;
}

interface Round {
  readonly server: BenchServer;
  readonly pool: Pool;
  readonly orders: Orders;
}

async function oneRound({ server, pool, orders }: Round): Promise<number> {
  const postgres = childCalled(server.pid, /postgres/) ?? 0;
  const costs = () => {
    const both = cpuSeconds(server.pid);
    const stored = cpuSeconds(postgres);
    return { node: both - stored, postgres: stored, ...machineSeconds() };
  };
  const before = { ...costs(), ...(await counted(pool)) };
  const sending = told(clientsOf(orders));
  const checkpoint = wait(2000).then(async () => {
    const started = performance.now();
    await pool.query("checkpoint");
    return performance.now() - started;
  });
  const { waits, seconds, ...sent } = await sending;
  const checkpointMs = await checkpoint;
  const after = { ...costs(), ...(await counted(pool)) };
  const each = (what: "node" | "postgres"): string => (((after[what] - before[what]) * 1000) / scans).toFixed(1);
  const ours = after.node - before.node + after.postgres - before.postgres + sent.cpuSeconds;
  const others = after.busy - before.busy - ours;
  const rate = scans / seconds;
  console.log(
    `${rate.toFixed(1)} scans a second; one takes ${fromShare(waits, 50)} ms in the median, p95 ${fromShare(waits, 95)}, p99 ${fromShare(waits, 99)}`,
  );
  console.log(
    `  processor a scan: server ${each("node")} ms, PostgreSQL ${each("postgres")} ms, clients ${((sent.cpuSeconds * 1000) / scans).toFixed(1)} ms; ` +
      `others took ${((others / (after.all - before.all)) * 100).toFixed(0)} % of the machine; checkpoint ${checkpointMs.toFixed(0)} ms`,
  );
  console.log(
    `  ${(sent.bytesSent / scans / 1024).toFixed(0)} KB sent, ${(sent.bytesReceived / scans / 1024).toFixed(1)} KB answered; server ${memoryOf(server.pid).own.toFixed(0)} MB`,
  );
  checkLoad(before, after);
  return rate;
}

interface Counted {
  readonly components: number;
  readonly results: number;
  readonly packages: number;
}

async function counted(pool: Pool): Promise<Counted> {
  const { rows } = await pool.query<Counted>(
    `select (select count(*) from component) as components, (select count(*) from result) as results,
       (select coalesce(sum(e.n), 0) from image i join set_ancestor a on a.set_id = i.set_id join package_set_edge e on e.set_id = a.ancestor_id)::bigint as packages`,
  );
  return rows[0] ?? { components: 0, results: 0, packages: 0 };
}

function checkLoad(before: Counted, after: Counted): void {
  const stored = after.results - before.results;
  const share = (after.components - before.components) / (after.packages - before.packages);
  const each = (after.packages - before.packages) / scans;
  console.log(
    `  ${stored} results kept, ${each.toFixed(0)} packages an image, ${(share * 100).toFixed(1)} % new components`,
  );
  if (stored !== scans) throw new Error(`${scans} scans were acknowledged, ${stored} are kept`);
  if (each < 290 || share < 0.045) throw new Error("the load is not real");
}

/** Time in each of the store's functions, for each scan of the rounds. */
async function tellFunctions(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; each: number; own: number; calls: number }>(
    `select funcname as name, total_time / $1 as each, self_time / $1 as own, calls / $1::float8 as calls
     from pg_stat_user_functions order by self_time desc limit 20`,
    [scans * rounds],
  );
  for (const { name, each, own, calls } of rows) {
    console.log(`  ${name}: ${own.toFixed(2)} ms itself, ${each.toFixed(2)} ms in all, ${calls.toFixed(1)} calls`);
  }
}

async function tellShape(pool: Pool, images: number): Promise<void> {
  const tables = ["component", "component_match", "package_set", "package_set_edge", "image", "blob", "audit"];
  const counts = await Promise.all(
    tables.map(async (name) => {
      const { rows } = await pool.query<{ n: number }>(`select count(*) as n from ${name}`);
      return `${name} ${rows[0]?.n}`;
    }),
  );
  const { rows } = await pool.query<{ size: string; findings: number }>(
    `select pg_size_pretty(pg_database_size(current_database())) as size,
       (select avg(critical + high + medium + low + negligible + unknown)::float8 from result) as findings`,
  );
  console.log(`shape: ${counts.join(", ")}; ${rows[0]?.findings.toFixed(0)} findings an image; ${rows[0]?.size}`);
  const sets = /package_set (\d+)/.exec(counts.join(", "))?.[1];
  if (Number(sets) > images * 3) throw new Error("the load is not real: hardly a set is shared");
}
