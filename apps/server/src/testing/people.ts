import type { TestServer } from "./test-server.ts";

/** Whom a test wants. */
export interface WantedPerson {
  readonly username: string;
  readonly isAdmin?: boolean;
  readonly mustChange?: boolean;
  /** Team → role. */
  readonly teams?: Readonly<Record<number, string>>;
}

/** The password of every person that a test makes. */
export const testPassword = "what the test says";

const hashes = new WeakMap<TestServer, Promise<string>>();

/** A person in the store; its id. */
export async function addPerson(
  server: TestServer,
  { username, isAdmin = false, mustChange = false, teams = {} }: WantedPerson,
): Promise<number> {
  const { pool, passwords } = server.services;
  const hash = hashes.get(server) ?? passwords.hash(testPassword);
  hashes.set(server, hash);
  const { rows } = await pool.query<{ id: number }>(
    `insert into person (username, first_name, last_name, password, must_change, is_admin, is_enabled, created_at, updated_at)
     values ($1, 'Ann', 'Test', $2, $3, $4, true, now(), now()) returning id`,
    [username, await hash, mustChange, isAdmin],
  );
  const id = rows[0]?.id ?? 0;
  for (const [team, role] of Object.entries(teams)) {
    await pool.query("insert into membership (person_id, team_id, role) values ($1, $2, $3)", [id, Number(team), role]);
  }
  return id;
}

let made = 0;

/** A person that no other test knows; the name. */
export async function somebody(server: TestServer, wish: Omit<WantedPerson, "username"> = {}): Promise<string> {
  const username = `user${++made}@example.org`;
  await addPerson(server, { username, ...wish });
  return username;
}

/** Headers of somebody who has signed in. */
export interface SessionHeaders {
  readonly cookie: string;
  readonly "x-csrf-token": string;
}

/** How somebody signs in. */
export interface SigningIn {
  readonly username: string;
  readonly password?: string;
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One attempt to sign in; the answer as it is. */
export async function tryToSignIn({ app }: TestServer, { username, password, address, headers }: SigningIn) {
  return app.inject({
    method: "POST",
    url: "/api/session",
    payload: { username, password: password ?? testPassword },
    ...(address !== undefined && { remoteAddress: address }),
    ...(headers && { headers: { ...headers } }),
  });
}

/** Signs in; the headers of a page of that session. */
export async function signedInAs(server: TestServer, wish: SigningIn): Promise<SessionHeaders> {
  const answer = await tryToSignIn(server, wish);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return headersOf(answer);
}

/** What a page sends after an answer that gave it a session. */
export function headersOf(answer: {
  readonly cookies: readonly { readonly name: string; readonly value: string }[];
  json(): { csrfToken: string };
}): SessionHeaders {
  const [cookie] = answer.cookies;
  return { cookie: `${cookie?.name}=${cookie?.value}`, "x-csrf-token": answer.json().csrfToken };
}
