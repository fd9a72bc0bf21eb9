import { argon2, timingSafeEqual } from "node:crypto";
import { Line } from "@plimsoll/kit";
import { platformError } from "../errors.ts";
import type { Random } from "./secrets.ts";

/** Hashes passwords and compares with hashes, a few at a time. */
export interface Passwords {
  /** The text to keep: argon2id in PHC form. Throws SIGN_IN_BUSY. */
  hash(password: string): Promise<string>;
  /** Whether it is the password of this hash; without one (`null`) never, at the same cost in time. Throws SIGN_IN_BUSY. */
  matches(password: string, kept: string | null): Promise<boolean>;
}

/** What OWASP's password storage cheat sheet asks of argon2id at least: 19 MiB, two passes, one lane. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

/** As many at once take 40 MiB; the others wait, and when this many wait already, the next is sent away. */
const atOnce = 2;
const mayWait = 50;

/** One for each process: it holds the queue. */
export function passwordKeeper(random: Random): Passwords {
  const line = new Line(atOnce);
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (line.length >= atOnce + mayWait) throw platformError("SIGN_IN_BUSY", { fields: { seconds: 5 } });
    return line.do(work);
  };
  return {
    hash: (password) =>
      inTurn(async () => {
        const nonce = random(16);
        return phcText(nonce, await tagOf(password, nonce));
      }),
    matches: (password, kept) =>
      inTurn(async () => {
        const [, salt = "", hash = ""] = phcForm.exec(kept ?? "") ?? [];
        const expected = Buffer.from(hash, "base64");
        const isKept = expected.length === parameters.tagLength;
        const tag = await tagOf(password, isKept ? Buffer.from(salt, "base64") : new Uint8Array(16));
        return timingSafeEqual(tag, isKept ? expected : Buffer.from(tag).fill(0)) && isKept;
      }),
  };
}

// One set of parameters has ever been used; others come with a number in a table here.
const settings = `$argon2id$v=19$m=${parameters.memory},t=${parameters.passes},p=${parameters.parallelism}$`;
const phcForm = new RegExp(`^${RegExp.escape(settings)}([\\w+/]+)\\$([\\w+/]+)$`);

function phcText(nonce: Uint8Array, tag: Uint8Array): string {
  const [salt, hash] = [nonce, tag].map((bytes) => Buffer.from(bytes).toString("base64").replaceAll("=", ""));
  return `${settings}${salt}$${hash}`;
}

/** On libuv's threads, not on ours. */
function tagOf(password: string, nonce: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2("argon2id", { message: plain(password), nonce, ...parameters }, (error, tag) =>
      error === null ? resolve(tag) : reject(error),
    );
  });
}

/** The same letters typed on two keyboards are the same password (NIST SP 800-63B, 3.1.1.2). */
function plain(password: string): string {
  return password.normalize("NFKC");
}

/** Fewest and most characters of a password that somebody chooses. */
const shortest = 12;
const longest = 200;

/** Throws BAD_PASSWORD unless this may become the password of that user. */
export function checkNewPassword(password: string, username: string): void {
  const { length } = [...plain(password)];
  if (length < shortest || length > longest) {
    throw platformError("BAD_PASSWORD", { fields: { why: `it must have ${shortest} to ${longest} characters` } });
  }
  const lower = plain(password).toLowerCase();
  const tells = [username, "plimsoll", "password"].find(
    (word) => word.length > 3 && lower.replaceAll(word.toLowerCase(), "").length < shortest / 2,
  );
  if (tells !== undefined || new Set(lower).size < 5) {
    throw platformError("BAD_PASSWORD", { fields: { why: "it is too easily guessed" } });
  }
}

const letters = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password to be told once and changed at once: 100 random bits in letters that nobody mistakes. */
export function oneTimePassword(random: Random): string {
  const drawn = Array.from(random(20), (byte) => letters[byte % letters.length]);
  return [0, 5, 10, 15].map((from) => drawn.slice(from, from + 5).join("")).join("-");
}
