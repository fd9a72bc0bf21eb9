import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Health } from "./health.ts";
import type { ServerMetrics } from "./metrics.ts";

export interface OperationRoutes {
  readonly health: Health;
  readonly metrics: ServerMetrics;
  /** Throws unless whoever asks may see the metrics. */
  readonly guard: (request: FastifyRequest) => Promise<void>;
}

/** `/healthz`: this process lives. `/readyz`: it can answer, or 503 and why not. `/metrics`: what it measures. */
export function addOperationRoutes(app: FastifyInstance, { health, metrics, guard }: OperationRoutes): void {
  const schema = { hide: true };
  app.get("/healthz", { schema }, async () => ({ status: "alive" }));
  app.get("/readyz", { schema }, async (_, reply) => {
    const reasons = await health.problems();
    if (reasons.length === 0) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reasons });
  });
  app.get("/metrics", { schema, onRequest: guard }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
