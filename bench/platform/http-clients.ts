/** Clients of the platform in a process of their own: fifty scanners with one connection each. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** What the clients are to do. */
export interface Orders {
  readonly url: string;
  /** One client each. */
  readonly tokens: readonly string[];
  /** SBOMs as `N.zst`, and `names.json`: their SHA-256 by number. */
  readonly folder: string;
  readonly from: number;
  readonly to: number;
  /** What is asked back: the whole report, or the verdict alone. */
  readonly answer: "report" | "verdict";
  /** Scans a second that all of them together begin; absent: each begins one when the last is answered. */
  readonly rate?: number;
}

export interface Told {
  readonly seconds: number;
  /** ms of each scan, upload and answer together. */
  readonly waits: readonly number[];
  readonly failures: readonly string[];
  readonly cpuSeconds: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export async function sendAll(orders: Orders): Promise<Told> {
  const names = JSON.parse(readFileSync(join(orders.folder, "names.json"), "utf8")) as string[];
  const waits: number[] = [];
  const failures: string[] = [];
  const count = { sent: 0, received: 0 };
  const started = performance.now();
  const numbers = dueNumbers(orders, started);
  const client = async (token: string): Promise<void> => {
    const caller = new Caller(orders.url, token, count);
    for await (const n of numbers()) {
      const begun = performance.now();
      const { status, text } = await sendOne(caller, orders, { n, name: names[n] ?? "" });
      if (status === 200) waits.push(performance.now() - begun);
      else failures.push(`${status} ${text}`);
    }
    caller.close();
  };
  await Promise.all(orders.tokens.map(client));
  const { user, system } = process.cpuUsage();
  const seconds = (performance.now() - started) / 1000;
  const bytes = { bytesSent: count.sent, bytesReceived: count.received };
  return { seconds, waits, failures, cpuSeconds: (user + system) / 1e6, ...bytes };
}

/** The next number that nobody has sent, when it is due. */
function dueNumbers({ from, to, rate }: Orders, started: number): () => AsyncGenerator<number> {
  let next = from;
  return async function* () {
    for (let n = next++; n < to; n = next++) {
      const due = rate === undefined ? 0 : started + ((n - from) * 1000) / rate - performance.now();
      if (due > 0) await wait(due);
      yield n;
    }
  };
}

async function sendOne(
  caller: Caller,
  { folder, answer }: Orders,
  { n, name }: { readonly n: number; readonly name: string },
): Promise<Answered> {
  const sent = await caller.ask("PUT", `/uploads/${name}?offset=0`, readFileSync(join(folder, `${n}.zst`)));
  if (sent.status !== 200) return sent;
  const body = { upload: name, stage: "registry", name: `shop.example/team-${n % 50}/app-${n}:1`, answer };
  return caller.ask("POST", "/scans", Buffer.from(JSON.stringify(body)));
}

interface Answered {
  readonly status: number;
  /** Of a short answer. */
  readonly text: string;
}

/** Asks over one connection. */
export class Caller {
  readonly #url: string;
  readonly #token: string;
  readonly #count: { sent: number; received: number };
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string, token: string, count = { sent: 0, received: 0 }) {
    this.#url = url;
    this.#token = token;
    this.#count = count;
  }

  ask(method: string, path: string, body: Buffer): Promise<Answered> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      "content-type": method === "PUT" ? "application/octet-stream" : "application/json",
      "content-length": body.length,
    };
    this.#count.sent += body.length;
    return new Promise((resolve, reject) => {
      const asked = request(`${this.#url}/secure/vulnerability/v1${path}`, { method, headers, agent: this.#agent });
      asked.on("response", (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const all = Buffer.concat(parts);
          this.#count.received += all.length;
          resolve({ status: response.statusCode ?? 0, text: all.length < 4096 ? all.toString() : "" });
        });
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
