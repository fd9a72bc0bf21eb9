export * from "./clock.ts";
export { type Destinations, guardedDestinations } from "./destinations.ts";
export * from "./error.ts";
export * from "./errors.ts";
export * from "./http.ts";
export * from "./http-client.ts";
export type { ProxyEnv } from "./http-proxy.ts";
export * from "./limits.ts";
export * from "./log.ts";
