import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import { type Log, PlimsollError, plainText, silentLog } from "@plimsoll/kit";
import { type Actor, largestUpload, platformError, type Services } from "@plimsoll/platform";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { answerOf } from "./answer-of.ts";
import { type Authentication, authentication } from "./authentication/authentication.ts";
import { visitOf } from "./authentication/visit.ts";
import { addBodyParsers } from "./body-parsers.ts";
import { schemaOf } from "./describe-route.ts";
import { serverError } from "./errors.ts";
import { addDocsPage, collectOpenApi } from "./openapi.ts";
import { type Health, healthOf } from "./operation/health.ts";
import { type NetworkSettings, usualNetwork } from "./operation/http-server.ts";
import { type ServerMetrics, serverMetrics } from "./operation/metrics.ts";
import { newFastify } from "./operation/new-fastify.ts";
import { observeRequests } from "./operation/observe-requests.ts";
import { addOperationRoutes } from "./operation/operation-routes.ts";
import { storeFailure } from "./operation/store-failure.ts";
import { type UploadRoom, uploadRoom } from "./operation/upload-room.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { unknownPaths } from "./unknown-path.ts";
import { addWeb } from "./web/add-web.ts";
import { isWholeAnswer } from "./whole-answer.ts";

export interface AppOptions {
  readonly services: Services;
  /** Told of every failure that is ours. */
  readonly onDefect: (error: unknown, request: { readonly id: string; readonly url: string }) => void;
  readonly network?: NetworkSettings;
  readonly health?: Health;
  readonly metrics?: ServerMetrics;
  /** A line for each request. */
  readonly log?: Log;
  /** Scans that one token or person may send in a minute; 120 (decision 19). */
  readonly scansPerMinute?: number;
  /** Folder of the built web interface; absent: the API alone. */
  readonly webFolder?: string;
}

/** The API over its services, not yet listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, onDefect, network = usualNetwork, log = silentLog } = options;
  const { health = healthOf(services), metrics = serverMetrics(services), scansPerMinute = 120 } = options;
  const app = newFastify(network);
  observeRequests(app, { log, metrics });
  await app.register(helmet, { ...securityHeaders });
  await app.register(cookie);
  const actorOf = authentication(services, { scansPerMinute });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const room = uploadRoom(bytesAtOnce);
  addBodyParsers(app, room);
  app.setErrorHandler((error, request, reply) => {
    const answer = answerOf(storeFailure(error) ?? error, request.id);
    // 501 is no failure: it says what is not built yet.
    if (answer.status >= 500 && answer.status !== 501) onDefect(error, { id: request.id, url: plainText(request.url) });
    if (error instanceof PlimsollError && typeof error.fields.seconds === "number") {
      void reply.header("retry-after", error.fields.seconds);
    }
    void reply.code(answer.status).send(answer.body);
  });
  const unknown = unknownPaths(routes);
  app.setNotFoundHandler(({ id, method, url }, reply) => {
    const { error, allowed } = unknown(method, url);
    const { status, body } = answerOf(error, id);
    if (allowed.length > 0) void reply.header("allow", allowed.join(", "));
    void reply.code(status).send(body);
  });
  const guard = async (request: FastifyRequest): Promise<void> => {
    await actorOf(request, { permission: "metrics.read" });
  };
  addOperationRoutes(app, { health, metrics, guard });
  await collectOpenApi(app, routes);
  await app.register(async (scope) => {
    for (const route of routes) register(scope, route, { services, actorOf, room });
  });
  await addDocsPage(app);
  if (options.webFolder !== undefined) {
    addWeb(app, { folder: options.webFolder, basePath: network.basePath, random: services.random });
  }
  await app.ready();
  return app;
}

/** HSTS is set where a request came by TLS; without it nothing may be sent on to https. */
const securityHeaders = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, frameAncestors: ["'none'"] } },
  referrerPolicy: { policy: "no-referrer" },
  xFrameOptions: { action: "deny" },
} as const;

/** Bodies of uploads that are in memory at once: two of the largest, or 32 pieces of a scanner. */
const bytesAtOnce = 2 * largestUpload;

interface Parts {
  readonly services: Services;
  readonly actorOf: Authentication;
  readonly room: UploadRoom;
}

function register(app: FastifyInstance, route: Route, { services, actorOf, room }: Parts): void {
  const status = route.status ?? 200;
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    // Before the body is read: who may not call does not make us read.
    onRequest: async (request, reply) => {
      void reply.header("cache-control", "no-store");
      actors.set(request, await actorOf(request, route));
      if (route.takes === "bytes") room.enter(request, reply);
    },
    preValidation: async ({ body }) => checkBody(route, body),
    handler: async (request, reply) => {
      const actor = actors.get(request);
      if (actor === undefined) throw platformError("UNAUTHENTICATED");
      const answered = await route.run(services, {
        params: request.params,
        query: request.query,
        body: request.body,
        actor,
        visit: visitOf(request, reply),
        accept: request.headers.accept ?? null,
        prefer: request.headers.prefer?.toString() ?? null,
      });
      return send(reply, status, answered);
    },
  });
}

/** Bytes where bytes are taken, JSON where that is. */
function checkBody({ takes }: Route, body: unknown): void {
  const isBytes = Buffer.isBuffer(body);
  if (takes === "bytes" ? isBytes : !isBytes) return;
  const wanted = takes === "bytes" ? "application/octet-stream" : "application/json";
  throw serverError("BODY_NOT_TAKEN", { fields: { wanted } });
}

function send(reply: FastifyReply, status: number, answered: unknown): FastifyReply {
  if (!isWholeAnswer(answered)) return reply.code(status).send(answered);
  return reply
    .code(answered.status ?? status)
    .headers({ ...answered.headers })
    .send(answered.body);
}

const actors = new WeakMap<FastifyRequest, Actor>();
