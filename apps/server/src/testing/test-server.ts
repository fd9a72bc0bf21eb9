import { createHash, randomBytes, randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@plimsoll/kit";
import {
  createTeam,
  createToken,
  type NewTeam,
  type NewToken,
  openStore,
  passwordKeeper,
  type Services,
  serverKnowledge,
  startSecrets,
} from "@plimsoll/platform";
import { type KnowledgeBase, openVulndb, unpackStarter } from "@plimsoll/vulndb";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../app.ts";

/** The moment of every test. */
export const now = Date.parse("2026-11-22T12:00:00Z");

export interface TestServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly base: KnowledgeBase;
  /** The file that {@link base} reads. */
  readonly database: string;
  /** Of the keys of its secrets. */
  readonly keyFile: string;
  /** What went wrong in ways that are ours: always empty. */
  readonly defects: unknown[];
  /** Moves the server's clock on. */
  advance(ms: number): void;
  /** A fresh team that sees everything; its id. */
  team(made?: Partial<NewTeam>): Promise<number>;
  /** A fresh token's header. */
  token(made?: Partial<NewToken>): Promise<{ readonly authorization: string }>;
}

/** The real API on a real store, with the knowledge that ships with the program. */
export async function startTestServer(): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const folder = () =>
    stack.adopt(mkdtempSync(join(tmpdir(), "plimsoll-server-")), (made) =>
      rmSync(made, { recursive: true, force: true }),
    );
  const { pool, db } = stack.use(await openStore({ folder: folder() }));
  // As a database of one's own, so that the command line can use it too.
  const database = join(folder(), "vulndb.sqlite");
  copyFileSync(await unpackStarter(folder()), database);
  const open = () => openVulndb(database);
  const knowledge = stack.use(await serverKnowledge(pool, open, () => now));
  let drawn = 0;
  // Other bytes each time, the same at each run.
  const random = (bytes: number) => createHash("shake256", { outputLength: bytes }).update(`${++drawn}`).digest();
  let ahead = 0;
  const clock = () => now + ahead;
  const passwords = passwordKeeper(random);
  const keyFile = join(folder(), "secrets.key");
  const place = { pool, random: randomBytes, log: silentLog };
  const secrets = await startSecrets(place, { ownFile: keyFile });
  const outbound = { allowPrivate: ["127.0.0.0/8"], proxyEnv: {}, userAgent: "plimsoll" };
  const fetching = { outbound, layersFolder: folder(), heapMb: 512 };
  const common = { pool, db, knowledge, random, passwords, secrets, fetching };
  const services: Services = { ...common, clock, log: silentLog };
  const defects: unknown[] = [];
  const app = await buildApp({ services, onDefect: (error) => defects.push(error) });
  stack.defer(() => app.close());
  const held = stack.move();
  return {
    app,
    services,
    base: knowledge.current().base,
    database,
    keyFile,
    defects,
    advance: (ms) => {
      ahead += ms;
    },
    team: (wish = {}) => createTeam(pool, { name: randomUUID(), description: "", allZones: true, ...wish }, now),
    token: async (wish = {}) => {
      const plain: NewToken = { name: "test", team: null, role: "ROLE_TEAM_SCANNER", expiresAt: null };
      const { text } = await createToken(pool, { ...plain, ...wish }, { random, now });
      return { authorization: `Bearer ${text}` };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
