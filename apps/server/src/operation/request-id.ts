import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a client or proxy may call a request: nothing that could be anything but a name. */
const sane = /^[\w.:-]{8,64}$/;

/** The id of a request: the client's own when it is sane, else 32 hex digits drawn for it, which no document bears. */
export function requestId({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && sane.test(given) ? given : randomBytes(16).toString("hex");
}
