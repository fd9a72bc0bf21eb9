import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Queryable } from "../transaction.ts";

/** An attempt to sign in: as whom, from where, when (ms). */
export interface SignInAttempt {
  readonly username: string;
  readonly address: string;
  readonly now: number;
}

/** How many attempts are free, and the longest pause after them, in seconds. */
const bounds = {
  // One stranger at one account.
  both: { free: 5, longest: 900 },
  // One stranger at many accounts; many people may share an address.
  address: { free: 30, longest: 300 },
  // Many strangers at one account. Short, and not asked where its owner signed in lately: nobody can keep the owner out.
  account: { free: 30, longest: 60 },
} as const;

const knownForDays = 30;

/** Counts an attempt before it is looked at. Returns 0, or for how many seconds none will be. */
export async function takeAttempt(client: Queryable, attempt: SignInAttempt): Promise<number> {
  const keys = keysOf(attempt);
  const asked = (await isKnownPlace(client, attempt)) ? (["both"] as const) : (["both", "address", "account"] as const);
  const { rows } = await client.query<{ pause: number }>("select take_attempt($1, $2, $3, $4) as pause", [
    asked.map((kind) => keys[kind]),
    asked.map((kind) => bounds[kind].free),
    asked.map((kind) => bounds[kind].longest),
    new Date(attempt.now).toISOString(),
  ]);
  return rows[0]?.pause ?? 0;
}

async function isKnownPlace(client: Queryable, { username, address, now }: SignInAttempt): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from known_place k join person p on p.id = k.person_id
     where lower(p.username) = lower($1) and k.address = $2 and k.at > $3::timestamptz - make_interval(days => $4)`,
    [username, placeOf(address), new Date(now).toISOString(), knownForDays],
  );
  return rowCount !== 0;
}

/** Somebody has signed in: what they mistyped is forgiven, and the place is known. Other accounts tried from there are not forgiven. */
export async function forgiveAttempts(client: Queryable, person: number, attempt: SignInAttempt): Promise<void> {
  const { both, account } = keysOf(attempt);
  const at = new Date(attempt.now).toISOString();
  // Locked in the order in which attempts are counted.
  await client.query(
    `delete from sign_in_attempt where key in (
       select key from sign_in_attempt where key = any ($1) order by key for update)`,
    [[both, account]],
  );
  await client.query(
    `insert into known_place (person_id, address, at) values ($1, $2, $3)
     on conflict (person_id, address) do update set at = excluded.at`,
    [person, placeOf(attempt.address), at],
  );
  await client.query(
    `delete from sign_in_attempt where key in (
       select key from sign_in_attempt where last_at < $1::timestamptz - interval '1 day' for update skip locked)`,
    [at],
  );
  await client.query("delete from known_place where at < $1::timestamptz - make_interval(days => $2)", [
    at,
    knownForDays,
  ]);
}

/** Names are kept as hashes: people type passwords where names belong. */
function keysOf({ username, address }: SignInAttempt) {
  const name = createHash("sha256").update(username.toLowerCase()).digest("base64url");
  const place = placeOf(address);
  return { account: `account ${name}`, address: `address ${place}`, both: `both ${name} ${place}` };
}

/** Whoever has one IPv6 address has its /64. */
function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.replace(/%.*$/s, "").toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: missing }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
