import type { Log } from "@plimsoll/kit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ServerMetrics } from "./metrics.ts";

const years = 31_536_000;

/** Every request is counted and logged, its answer bears its id, and what came by TLS tells browsers to stay with it. */
export function observeRequests(app: FastifyInstance, { log, metrics }: { log: Log; metrics: ServerMetrics }): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (request.protocol === "https") reply.header("strict-transport-security", `max-age=${years}`);
  });
  app.addHook("onResponse", async (request, reply) => {
    const ms = reply.elapsedTime;
    const { statusCode: status } = reply;
    const { method } = request;
    metrics.answered({ method: methodOf(method), route: routeOf(request), status, seconds: ms / 1000 });
    log.info("request", {
      id: request.id,
      method,
      path: pathOf(request),
      status,
      ms: Math.round(ms),
      from: request.ip,
    });
  });
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function methodOf(method: string): string {
  return methods.includes(method) ? method : "other";
}

function routeOf({ routeOptions }: FastifyRequest): string | null {
  return routeOptions.url ?? null;
}

/** Without its query, where people's searches and other programs' secrets stand. */
function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}
