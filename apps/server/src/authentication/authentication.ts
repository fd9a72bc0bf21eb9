import {
  type Actor,
  actorOfSession,
  actorOfToken,
  demand,
  nobodyAt,
  platformError,
  type Services,
  takeTurn,
  withSight,
} from "@plimsoll/platform";
import type { FastifyRequest } from "fastify";
import type { Route } from "../route.ts";
import { failedTokens } from "./failed-tokens.ts";
import { refuseForged, refuseOtherSites } from "./forgery.ts";
import { sessionSecret } from "./session-cookie.ts";

/** Who asks, if it may: `for` a route, before its body is read. */
export type Authentication = (request: FastifyRequest, route: Guarded) => Promise<Actor>;

type Guarded = Pick<Route, "permission" | "beforeChange" | "counted">;

export interface AuthenticationOptions {
  /** Scans that one token or person may send in a minute (decision 19). */
  readonly scansPerMinute: number;
}

const windowMs = 60_000;

/**
 * Throws UNAUTHENTICATED, FORGED_REQUEST, PASSWORD_CHANGE_NEEDED, FORBIDDEN, TOO_MANY_REQUESTS. A request with a token in
 * its `Authorization` header is judged by that alone: browsers do not send one by themselves, so it needs no walls
 * against forgery.
 */
export function authentication(services: Services, { scansPerMinute }: AuthenticationOptions): Authentication {
  const { pool, clock } = services;
  const wrong = failedTokens(clock);

  async function byToken(request: FastifyRequest, header: string): Promise<Actor | null> {
    const text = /^Bearer +(plm_[\w-]{43})$/i.exec(header)?.[1];
    const address = request.ip;
    if (text === undefined) return null;
    wrong.refuse(address, text);
    const actor = await actorOfToken(pool, { text, address, now: clock() });
    if (actor === null) wrong.failed(address);
    else wrong.succeeded(text);
    return actor;
  }

  async function bySession(request: FastifyRequest): Promise<Actor | null> {
    const text = sessionSecret(request);
    const actor = text === null ? null : await actorOfSession(pool, { text, address: request.ip, now: clock() });
    if (actor !== null && text !== null) refuseForged(request, text);
    return actor;
  }

  async function countTurn(actor: Actor): Promise<void> {
    const rate = { limit: scansPerMinute, windowMs, now: clock() };
    const seconds = await takeTurn(pool, `scans ${actor.id}`, rate);
    const fields = { limit: scansPerMinute, window: windowMs / 1000, seconds };
    if (seconds > 0) throw platformError("TOO_MANY_REQUESTS", { fields });
  }

  function admit(actor: Actor, { permission, beforeChange }: Guarded): void {
    if (actor.mustChange && beforeChange !== true) throw platformError("PASSWORD_CHANGE_NEEDED");
    if (permission !== "signed-in" && permission !== "nobody") demand(actor, permission);
  }

  return async (request, route) => {
    if (route.permission === "nobody") {
      refuseOtherSites(request);
      return nobodyAt(request.ip);
    }
    const header = request.headers.authorization;
    const actor = await (header === undefined ? bySession(request) : byToken(request, header));
    if (actor === null) throw platformError("UNAUTHENTICATED");
    admit(actor, route);
    if (route.counted === "scans") await countTurn(actor);
    // Lists are what needs to know what the team sees.
    return request.method === "GET" ? withSight(pool, actor) : actor;
  };
}
