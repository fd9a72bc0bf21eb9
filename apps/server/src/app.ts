import swagger from "@fastify/swagger";
import { messageOf, PlimsollError, plainText } from "@plimsoll/kit";
import {
  type Actor,
  actorOfToken,
  demand,
  largestUpload,
  nobodyAt,
  platformError,
  type Services,
} from "@plimsoll/platform";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

export interface AppOptions {
  readonly services: Services;
  /** Told of every failure that is ours. */
  readonly onDefect: (error: unknown, request: { readonly id: string; readonly url: string }) => void;
}

/** Most bytes of a JSON body. */
const largestBody = 2 ** 20;

/** The API over its services, not yet listening. */
export async function buildApp({ services, onDefect }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: largestBody,
    // Clients put `/` behind the base address (contract 1.0).
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 500 },
    requestTimeout: 120_000,
    keepAliveTimeout: 72_000,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addContentTypeParser(
    "application/octet-stream",
    { parseAs: "buffer", bodyLimit: largestUpload },
    (_, body, done) => done(null, body),
  );
  app.setErrorHandler((error, request, reply) => {
    const answer = answerOf(error);
    if (answer.status >= 500) onDefect(error, { id: request.id, url: plainText(request.url) });
    void reply.code(answer.status).send(answer.body);
  });
  app.setNotFoundHandler((_, reply) => refuse(reply, platformError("NOT_FOUND", { fields: { what: "endpoint" } })));
  app.get("/healthz", { schema: { hide: true } }, async () => ({ status: "alive" }));
  app.get("/readyz", { schema: { hide: true } }, async () => {
    await services.pool.query("select 1");
    return { status: "ready" };
  });
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
async function actorOf(request: FastifyRequest, route: Route, { pool, clock }: Services): Promise<Actor> {
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
function answerOf(error: unknown): ApiAnswer {
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
    body: { type: "INTERNAL", message: "something went wrong here; the log says what", details: [] },
  };
}

/** Fastify's own errors carry their status. */
function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 ? status : 500;
}

function refuse(reply: FastifyReply, error: PlimsollError): void {
  const { status, body } = answerOf(error);
  void reply.code(status).send(body);
}
