/** A large estate in a store, and the built server in front of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openStore } from "@plimsoll/platform";
import { EstateKnowledge } from "../platform/estate-knowledge.ts";
import { LargeEstate } from "../platform/large-estate.ts";
import { loadEstate } from "../platform/load-estate.ts";

const launcher = join(import.meta.dirname, "..", "..", "bin", "plimsoll");

export interface EstateServer extends AsyncDisposable {
  readonly url: string;
  /** Printed once, by the first start. */
  readonly oneTimePassword: string;
}

/**
 * Loads `images` images into a fresh store below `folder`, and starts `plimsoll server --role api` on it: without workers
 * nobody judges the estate with other knowledge than it was loaded with.
 */
export async function startEstateServer(folder: string, images: number): Promise<EstateServer> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await openStore({ folder: join(folder, "store") }));
  if (!store.isNew) throw new Error(`${folder} holds a store already: name an empty folder`);
  const started = performance.now();
  await loadEstate(store, new LargeEstate(images), { images, knowledge: new EstateKnowledge() });
  console.log(`${images} images loaded in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const { user, password, host, port, database } = store.pool.options;
  const query = new URLSearchParams({ host: host ?? "", ...(port !== undefined && { port: String(port) }) });
  const who = `${user ?? ""}:${encodeURIComponent(typeof password === "string" ? password : "")}`;
  const child = spawn(launcher, ["server", "--role", "api"], {
    env: {
      ...process.env,
      DATABASE_URL: `postgres://${who}@/${database ?? "postgres"}?${query}`,
      PLIMSOLL_DATA: join(folder, "server"),
      PLIMSOLL_LISTEN: "127.0.0.1:0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  stack.defer(async () => {
    const ended = once(child, "exit");
    if (child.kill("SIGTERM")) await ended;
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  for (let left = 2400; left > 0 && child.exitCode === null; left--) {
    const url = /"url":"([^"]+)","message":"listening"/.exec(said)?.[1];
    const oneTimePassword = /^password: (\S+)/m.exec(said)?.[1];
    if (url !== undefined && oneTimePassword !== undefined) {
      const held = stack.move();
      return { url, oneTimePassword, [Symbol.asyncDispose]: () => held.disposeAsync() };
    }
    await wait(50);
  }
  throw new Error(`the server did not start: ${said}`);
}
