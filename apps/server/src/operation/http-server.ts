import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { TlsFiles } from "./tls-files.ts";

/** How a server deals with those who connect. */
export interface NetworkSettings {
  /** `null`: plain HTTP. */
  readonly tls: TlsFiles | null;
  /** Addresses and networks whose X-Forwarded-* are believed. */
  readonly trustedProxies: readonly string[];
  /** Path that everything is below, "" for the root. */
  readonly basePath: string;
  readonly maxConnections: number;
  /** Bytes of a JSON body. */
  readonly maxBody: number;
  /** Longest time for a request to come in whole, s. */
  readonly requestSeconds: number;
}

/** For tests and as the table of settings has it. */
export const usualNetwork: NetworkSettings = {
  tls: null,
  trustedProxies: [],
  basePath: "",
  maxConnections: 2000,
  maxBody: 2 ** 20,
  requestSeconds: 120,
};

const headersMs = 20_000;
/** Longer than proxies keep theirs (60 s is usual), so that the proxy and not we close an idle one. */
const keepAliveMs = 72_000;
/** How often Node looks for requests that take too long. */
const lookEveryMs = 2000;

/** A server of Node's with limits on connections, headers and time; with TLS it follows its files. */
export function httpServer(network: NetworkSettings, listener: RequestListener): Server {
  const requestTimeout = network.requestSeconds * 1000;
  const limits = {
    maxHeaderSize: 16_384,
    headersTimeout: Math.min(headersMs, requestTimeout),
    requestTimeout,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: lookEveryMs,
  };
  const { tls } = network;
  const server: Server =
    tls === null
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, ...tls.current(), minVersion: "TLSv1.2" }, listener);
  server.maxConnections = network.maxConnections;
  tls?.onChange((pair) => {
    if ("setSecureContext" in server && typeof server.setSecureContext === "function") server.setSecureContext(pair);
  });
  return server;
}
