import { standardRoles } from "@plimsoll/platform";
import { addPerson, type SessionHeaders, signedInAs } from "./people.ts";
import { alpineWith, apk, sendScan } from "./send-scan.ts";
import type { TestServer } from "./test-server.ts";

type Headers = Readonly<Record<string, string>>;

/** Somebody who asks: the same role as a token and as a person. */
export interface Caller {
  readonly name: string;
  /** `null`: the whole installation. */
  readonly team: number | null;
  readonly role: string;
  readonly person: number;
  readonly username: string;
  readonly token: Headers;
  /** A session of its own each time: some requests end theirs. */
  session(): Promise<SessionHeaders>;
}

/** Two teams, everybody who may belong to the first one, and something in each. */
export interface World {
  readonly server: TestServer;
  /** The team that callers act for, and the one whose things they must not see. */
  readonly own: number;
  readonly other: number;
  /** A result of each team. */
  readonly results: { readonly own: string; readonly other: string };
  /** An administrator of everything; who scans for the first team, and for the other. */
  readonly admin: Caller;
  readonly scanner: Headers;
  readonly otherScanner: Headers;
  /** Who reads what each team has. */
  readonly readers: { readonly own: Headers; readonly other: Headers };
  /** Administrator, the standard roles, and a custom one. */
  readonly callers: readonly Caller[];
  /** A word that was not there before. */
  fresh(): string;
  /** One more person with the same rights as the caller. */
  twin(caller: Caller): Promise<Caller>;
  /** What an administrator is answered: for making what a sample needs. */
  asAdmin(method: "GET" | "POST" | "PUT" | "DELETE", url: string, body?: object): Promise<Record<string, unknown>>;
}

/** Permissions of the custom role. */
export const customPermissions = ["results.read", "zones.edit", "audit.read"] as const;

export async function walkWorld(server: TestServer): Promise<World> {
  const { pool } = server.services;
  const [own, other] = [await server.team({ name: "own" }), await server.team({ name: "other" })];
  const { rows } = await pool.query<{ id: number }>(
    "insert into role (name, description, permissions) values ('auditor', '', $1) returning id",
    [customPermissions],
  );
  let drawn = 0;
  const fresh = () => `word-${++drawn}`;
  const caller = async (name: string, role: string): Promise<Caller> => {
    const isAdmin = role === "ROLE_ADMIN";
    const username = `${name}-${fresh()}@example.org`;
    const person = await addPerson(server, { username, isAdmin, teams: isAdmin ? {} : { [own]: role } });
    const acting = isAdmin ? null : own;
    const token = { ...(await server.token({ name, team: acting, role })) };
    return { name, team: acting, role, person, username, token, session: () => signedInAs(server, { username }) };
  };
  const admin = await caller("admin", "ROLE_ADMIN");
  const standard: Caller[] = [];
  for (const { id, label } of standardRoles) standard.push(await caller(label.replaceAll(" ", "-").toLowerCase(), id));
  const custom = await caller("custom", `role:${rows[0]?.id}`);
  const scanner = await server.token({ team: own });
  const otherScanner = await server.token({ team: other });
  const scan = async (as: { readonly authorization: string }, name: string): Promise<string> =>
    (await sendScan(server, as, { sbom: alpineWith(apk("zlib", "1.2.12-r0"), apk(name, "1-r0")), name })).resultId;
  return {
    server,
    own,
    other,
    results: { own: await scan(scanner, "own"), other: await scan(otherScanner, "other") },
    admin,
    scanner: { ...scanner },
    otherScanner: { ...otherScanner },
    readers: {
      own: { ...(await server.token({ team: own, role: "ROLE_TEAM_READ" })) },
      other: { ...(await server.token({ team: other, role: "ROLE_TEAM_READ" })) },
    },
    callers: [admin, ...standard, custom],
    fresh,
    twin: ({ name, role }) => caller(name, role),
    asAdmin: async (method, url, body) => {
      const headers = { ...admin.token };
      const answer = await server.app.inject({ method, url, headers, ...(body && { payload: body }) });
      if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`);
      return answer.json();
    },
  };
}
