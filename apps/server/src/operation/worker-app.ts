import type { FastifyInstance } from "fastify";
import type { Health } from "./health.ts";
import { type NetworkSettings, usualNetwork } from "./http-server.ts";
import type { ServerMetrics } from "./metrics.ts";
import { newFastify } from "./new-fastify.ts";
import { addOperationRoutes } from "./operation-routes.ts";

/** What a process without API answers: its health and metrics, to everybody who reaches its address; not yet listening. */
export async function workerApp(
  network: NetworkSettings | null,
  parts: { readonly health: Health; readonly metrics: ServerMetrics },
): Promise<FastifyInstance> {
  const app = newFastify(network ?? usualNetwork);
  addOperationRoutes(app, { ...parts, guard: async () => undefined });
  await app.ready();
  return app;
}
