import { messageOf, type PlimsollError } from "@plimsoll/kit";
import { platformError } from "@plimsoll/platform";

/** A NUL or half a character, which PostgreSQL keeps in no text: SQLSTATE 22021, in JSON 22P05. */
const unkept = ["22021", "22P05"];
/** SQLSTATE 53100 (PostgreSQL docs, appendix A) and the system's own word. */
const full = ["53100", "ENOSPC", "EDQUOT"];
/** The server is being stopped or started, or takes no more connections; nobody answers at its address. */
const away = [
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08003",
  "08006",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
];

/** What a database says that cannot answer now, cannot be asked for such a text, or a client that has gone says, as an error with its own code and status; `null` for all else. */
export function storeFailure(error: unknown): PlimsollError | null {
  const code = codeOf(error);
  if (full.includes(code)) return platformError("STORE_FULL", { cause: error });
  if (unkept.includes(code)) {
    const told = { field: "a text of the request", why: "it has a character that cannot be kept, like NUL" };
    return platformError("BAD_VALUE", { fields: told, cause: error });
  }
  const why = messageOf(error);
  if (code === "ECONNRESET" && why === "aborted") {
    const told = { field: "the body", why: "the connection ended before it was whole" };
    return platformError("BAD_VALUE", { fields: told, cause: error });
  }
  // What pg says without a code.
  const isGone = /^Connection terminated|^timeout exceeded when trying to connect/.test(why);
  if (!away.includes(code) && !isGone) return null;
  return platformError("STORE_AWAY", { fields: { why }, cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
