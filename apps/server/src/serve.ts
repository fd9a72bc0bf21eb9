import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Log, messageOf, PlimsollError, type ProxyEnv } from "@plimsoll/kit";
import {
  createToken,
  ensureAdministrator,
  followKnowledge,
  openOutbound,
  openStore,
  passwordKeeper,
  type Random,
  recordAudit,
  recoverCounters,
  type Services,
  type Store,
  serverKnowledge,
  startSecrets,
  startWorkers,
  theServer,
} from "@plimsoll/platform";
import { openStarter, openVulndb } from "@plimsoll/vulndb";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import type { Config } from "./config.ts";
import { serverError } from "./errors.ts";
import { fetchSettings, keyPlace } from "./fetching.ts";
import { type Health, healthOf } from "./operation/health.ts";
import type { NetworkSettings } from "./operation/http-server.ts";
import { jobsMetric, type ServerMetrics, serverMetrics } from "./operation/metrics.ts";
import { openTlsFiles, type TlsFiles } from "./operation/tls-files.ts";
import { workerApp } from "./operation/worker-app.ts";
import { feedUpdaterOf, schedulesOf } from "./scheduling.ts";
import type { ListenAddress } from "./settings/setting.ts";

/** What a server takes from outside. */
export interface Surroundings {
  readonly clock: () => number;
  readonly random: Random;
  readonly log: Log;
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` as they are set. */
  readonly proxyEnv: ProxyEnv;
  /** What is being done, for people. */
  readonly onStep: (text: string) => void;
  /** Ends a start that is not done yet. */
  readonly stop: AbortSignal;
}

/** What the first start of an installation makes, kept as hashes alone. */
export interface FirstStart {
  /** The administrator. */
  readonly username: string;
  /** Good for signing in and changing it. */
  readonly password: string;
  /** May send scans, and nothing else: so that the first scan needs no signing in. */
  readonly scannerToken: string;
}

/** A server that runs until it is disposed. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  /** Told once: at the first start of an installation. */
  readonly first: FirstStart | null;
  /** Looks at the certificate again. */
  readonly reload: () => void;
  /** Takes no new requests and waits for those that are being answered, as long as configured or until `hurry`. */
  readonly drain: (hurry: AbortSignal) => Promise<void>;
}

/** Starts database, knowledge and API. Throws what they throw, and CANNOT_LISTEN, TLS_FILES, DATA_FOLDER. */
export async function serve(config: Config, surroundings: Surroundings): Promise<Serving> {
  const { clock, random, log, onStep, stop } = surroundings;
  await using stack = new AsyncDisposableStack();
  await tryListen(config.listen);
  const tls = stack.adopt(tlsOf(config, log), (files) => files?.[Symbol.dispose]());
  onStep("Starting the database");
  const { pool, db } = stack.use(await storeOf(config, log));
  stop.throwIfAborted();
  await recoverCounters(pool);
  onStep("Opening what is known");
  const knowledge = stack.use(await serverKnowledge(pool, () => openKnown(config), clock));
  stop.throwIfAborted();
  const secrets = await startSecrets({ pool, random, log }, keyPlace(config));
  const passwords = passwordKeeper(random);
  const fetching = fetchSettings(config, surroundings);
  const updateFeeds = feedUpdaterOf(config, {
    database: knowledgeFile(config.data),
    http: stack.use(openOutbound(fetching.outbound)),
    clock,
    log,
  });
  const services: Services = { pool, db, knowledge, clock, random, passwords, secrets, fetching, updateFeeds, log };
  stack.use(await followKnowledge(services));
  if (config.role !== "api") stack.use(await startWorkers(services, { schedules: schedulesOf(config) }));
  const health = healthOf(services);
  const metrics = serverMetrics(services, [jobsMetric(services)]);
  const app = await appOf(config, { services, health, metrics, tls });
  stack.defer(() => app.close());
  const url = await listen(app, config.listen);
  if (config.metricsListen !== null) await serveMetrics(config.metricsListen, { health, metrics, stack });
  const first = config.role === "worker" ? null : await firstStart(services);
  const held = stack.move();
  return {
    url,
    services,
    first,
    reload: () => tls?.reload(),
    drain: (hurry) => drain(app, { config, health, hurry }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Days that the first scanner's token is good for. */
const firstTokenDays = 90;

/** By what is in the store, not by whether it is new: a start that broke off in between is made good by the next. */
async function firstStart(services: Services): Promise<FirstStart | null> {
  const { pool, random, clock } = services;
  const administrator = await ensureAdministrator(services);
  if (administrator === null) return null;
  const now = clock();
  const expiresAt = new Date(now + firstTokenDays * 24 * 3600_000).toISOString();
  const scanner = { name: "first scanner", team: null, role: "ROLE_TEAM_SCANNER", expiresAt };
  const { id, text } = await createToken(pool, scanner, { random, now });
  await recordAudit(pool, theServer, { action: "token.create", subject: `token:${id}`, detail: scanner, at: now });
  return { ...administrator, scannerToken: text };
}

function tlsOf({ tlsCert, tlsKey }: Config, log: Log): TlsFiles | null {
  return tlsCert === null || tlsKey === null ? null : openTlsFiles({ cert: tlsCert, key: tlsKey }, log);
}

/** What the file system says about the data folder is told as what it is. */
export async function storeOf({ databaseUrl, data }: Config, log: Log): Promise<Store> {
  if (databaseUrl !== null) return openStore({ url: databaseUrl }, log);
  try {
    mkdirSync(data, { recursive: true });
    return await openStore({ folder: join(data, "store") }, log);
  } catch (cause) {
    if (cause instanceof PlimsollError || !(cause instanceof Error && "syscall" in cause)) throw cause;
    throw serverError("DATA_FOLDER", { fields: { folder: data, why: messageOf(cause) }, cause });
  }
}

/** Where an installation keeps a database of its own. */
export function knowledgeFile(data: string): string {
  return join(data, "knowledge", "vulndb.sqlite");
}

function openKnown({ vulndb, data }: Config) {
  const own = vulndb ?? knowledgeFile(data);
  return vulndb !== null || existsSync(own) ? openVulndb(own) : openStarter(join(data, "starter"));
}

/** Beside the bundle; a server that runs from its sources has no pages. */
const webFolder = new URL("../web/", import.meta.url);

interface Parts {
  readonly services: Services;
  readonly health: Health;
  readonly metrics: ServerMetrics;
  readonly tls: TlsFiles | null;
}

async function appOf(config: Config, { services, health, metrics, tls }: Parts): Promise<FastifyInstance> {
  const { log } = services;
  const network: NetworkSettings = { ...config, tls };
  if (config.role === "worker") return workerApp(network, { health, metrics });
  return buildApp({
    services,
    network,
    health,
    metrics,
    log,
    webFolder: fileURLToPath(webFolder),
    scansPerMinute: config.scansPerMinute,
    onDefect: (error, { id, url }) => log.warn("a request failed", { id, url, why: messageOf(error) }),
  });
}

async function serveMetrics(
  address: ListenAddress,
  { stack, ...parts }: { health: Health; metrics: ServerMetrics; stack: AsyncDisposableStack },
): Promise<void> {
  const app = await workerApp(null, parts);
  stack.defer(() => app.close());
  await listen(app, address);
}

/** A port that is taken is told at once, not after the database has started. */
async function tryListen(address: ListenAddress): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(address, resolve);
  }).catch((cause: unknown) => {
    throw cannotListen(address, cause);
  });
  await new Promise((resolve) => probe.close(resolve));
}

async function listen(app: FastifyInstance, address: ListenAddress): Promise<string> {
  return app.listen(address).catch((cause: unknown) => {
    throw cannotListen(address, cause);
  });
}

function cannotListen({ host, port }: ListenAddress, cause: unknown): PlimsollError {
  return serverError("CANNOT_LISTEN", { fields: { address: `${host}:${port}`, why: messageOf(cause) }, cause });
}

interface Draining {
  readonly config: Config;
  readonly health: Health;
  readonly hurry: AbortSignal;
}

async function drain(app: FastifyInstance, { config, health, hurry }: Draining): Promise<void> {
  const pause = (seconds: number) =>
    wait(seconds * 1000, undefined, { signal: hurry, ref: true }).catch(() => undefined);
  health.drain();
  if (config.drainDelaySeconds > 0) await pause(config.drainDelaySeconds);
  const closed = app.close();
  await Promise.race([closed, pause(config.drainSeconds)]);
  app.server.closeAllConnections();
  await closed;
}
