import helmet from "@fastify/helmet";
import swagger from "@fastify/swagger";
import { type Log, messageOf, PlimsollError, plainText, silentLog } from "@plimsoll/kit";
import {
  type Actor,
  actorOfToken,
  demand,
  largestUpload,
  nobodyAt,
  platformError,
  type Services,
} from "@plimsoll/platform";
import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import { type Health, healthOf } from "./operation/health.ts";
import { type NetworkSettings, usualNetwork } from "./operation/http-server.ts";
import { type ServerMetrics, serverMetrics } from "./operation/metrics.ts";
import { newFastify } from "./operation/new-fastify.ts";
import { observeRequests } from "./operation/observe-requests.ts";
import { addOperationRoutes } from "./operation/operation-routes.ts";
import { storeFailure } from "./operation/store-failure.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

export interface AppOptions {
  readonly services: Services;
  /** Told of every failure that is ours. */
  readonly onDefect: (error: unknown, request: { readonly id: string; readonly url: string }) => void;
  readonly network?: NetworkSettings;
  readonly health?: Health;
  readonly metrics?: ServerMetrics;
  /** A line for each request. */
  readonly log?: Log;
}

/** The API over its services, not yet listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, onDefect, network = usualNetwork, log = silentLog } = options;
  const { health = healthOf(services), metrics = serverMetrics(services) } = options;
  const app = newFastify(network);
  observeRequests(app, { log, metrics });
  await app.register(helmet, { ...securityHeaders });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addContentTypeParser(
    "application/octet-stream",
    { parseAs: "buffer", bodyLimit: largestUpload },
    (_, body, done) => done(null, body),
  );
  app.setErrorHandler((error, request, reply) => {
    const answer = answerOf(storeFailure(error) ?? error, request.id);
    if (answer.status >= 500) onDefect(error, { id: request.id, url: plainText(request.url) });
    void reply.code(answer.status).send(answer.body);
  });
  app.setNotFoundHandler(({ id }, reply) => {
    const { status, body } = answerOf(platformError("NOT_FOUND", { fields: { what: "endpoint" } }), id);
    void reply.code(status).send(body);
  });
  const guard = async (request: FastifyRequest): Promise<void> => {
    await actorOf(request, { permission: "metrics.read" }, services);
  };
  addOperationRoutes(app, { health, metrics, guard });
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Plimsoll", version: "1" } },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => {
    for (const route of routes) register(scope, route, services);
  });
  await app.ready();
  return app;
}

/** HSTS is set where a request came by TLS; without it nothing may be sent on to https. */
const securityHeaders = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, frameAncestors: ["'none'"] } },
  referrerPolicy: { policy: "no-referrer" },
} as const;

function register(app: FastifyInstance, route: Route, services: Services): void {
  const { params, query, body, answer } = route.schemas;
  const status = route.status ?? 200;
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      summary: route.summary,
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      ...(answer && { response: { [status]: answer } }),
    },
    onRequest: async (request) => {
      actors.set(request, await actorOf(request, route, services));
    },
    handler: async (request, reply) => {
      const actor = actors.get(request);
      if (actor === undefined) throw platformError("UNAUTHENTICATED");
      const answered = await route.run(services, {
        params: request.params,
        query: request.query,
        body: request.body,
        actor,
      });
      return reply.code(status).send(answered);
    },
  });
}

const actors = new WeakMap<FastifyRequest, Actor>();

/** Before the body is read: who may not call does not make us read. */
async function actorOf(
  request: FastifyRequest,
  route: Pick<Route, "permission" | "beforeChange">,
  { pool, clock }: Services,
): Promise<Actor> {
  const address = request.ip;
  if (route.permission === "nobody") return nobodyAt(address);
  const text = /^Bearer (plm_[\w-]{43})$/.exec(request.headers.authorization ?? "")?.[1];
  const actor = text === undefined ? null : await actorOfToken(pool, { text, address, now: clock() });
  if (actor === null) throw platformError("UNAUTHENTICATED");
  if (actor.mustChange && route.beforeChange !== true) throw platformError("PASSWORD_CHANGE_NEEDED");
  if (route.permission !== "signed-in") demand(actor, route.permission);
  return actor;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: { readonly type: string; readonly message: string; readonly details: readonly string[] };
}

/** Every failure in the contract's words; what is ours shows nothing of itself. */
function answerOf(error: unknown, requestId: string): ApiAnswer {
  if (error instanceof PlimsollError) {
    return { status: error.status, body: { type: error.code, message: error.message, details: [error.next] } };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const details = error.validation.map(({ instancePath, message }) =>
      plainText(`${instancePath || "/"}: ${message}`),
    );
    return {
      status: 400,
      body: { type: "BAD_REQUEST", message: "the request is not what this endpoint takes", details },
    };
  }
  const status = statusOf(error);
  if (status < 500) return { status, body: { type: "BAD_REQUEST", message: messageOf(error), details: [] } };
  return {
    status: 500,
    body: {
      type: "INTERNAL",
      message: "something went wrong here; the log says what",
      details: [`request ${requestId}`],
    },
  };
}

/** Fastify's own errors carry their status. */
function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 ? status : 500;
}
