import Fastify, { type FastifyInstance } from "fastify";
import { tellConnectionError, tellRouterError } from "../connection-errors.ts";
import { httpServer, type NetworkSettings } from "./http-server.ts";
import { requestId } from "./request-id.ts";

/** An app without routes that deals with connections, proxies and names of requests as told. */
export function newFastify(network: NetworkSettings): FastifyInstance {
  const { trustedProxies, basePath, maxBody } = network;
  return Fastify({
    logger: false,
    bodyLimit: maxBody,
    // Clients put `/` behind the base address (contract 1.0).
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 500 },
    serverFactory: (listener) => httpServer(network, listener),
    genReqId: requestId,
    frameworkErrors: tellRouterError,
    clientErrorHandler: tellConnectionError,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    rewriteUrl: ({ url = "/" }) => withoutBase(url, basePath),
  });
}

function withoutBase(url: string, base: string): string {
  if (base === "" || !url.startsWith(base)) return url;
  const rest = url.slice(base.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? `/${rest}` : url;
}
