import type { Visitor } from "@plimsoll/platform";
import type { FastifyReply, FastifyRequest } from "fastify";
import { giveSession, sessionSecret, takeSession } from "./session-cookie.ts";

/** The client at the other end, for the few routes that begin and end sessions. */
export interface Visit extends Visitor {
  /** Text of the API token that it asks with. */
  readonly token: string | null;
  /** Gives it a session, for as long as it lasts. */
  keep(session: { readonly text: string; readonly expiresAt: number }): void;
  /** Takes its session away. */
  forget(): void;
}

/** Who stands behind a request. */
export function visitOf(request: FastifyRequest, reply: FastifyReply): Visit {
  return {
    address: request.ip,
    agent: request.headers["user-agent"] ?? "",
    session: sessionSecret(request),
    token: /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? null,
    keep: (session) => giveSession(request, reply, session),
    forget: () => takeSession(request, reply),
  };
}
