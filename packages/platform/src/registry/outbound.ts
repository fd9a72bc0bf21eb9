import { createHttpClient, guardedDestinations, type HttpClient, type ProxyEnv } from "@plimsoll/kit";

/** How this server reaches others (decision 21); plain data, so that threads can be told. */
export interface OutboundSettings {
  /** Addresses, ranges and hosts that are no public ones and may be asked all the same. */
  readonly allowPrivate: readonly string[];
  readonly proxyEnv: ProxyEnv;
  readonly userAgent: string;
}

/** Patience with those who are asked; ms. */
export interface OutboundPatience {
  readonly answerTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

/** The client for everything this server asks of others: public addresses, and those that are allowed. Throws BAD_DESTINATION_RULE. */
export function openOutbound(settings: OutboundSettings, patience: OutboundPatience = {}): HttpClient {
  const { allowPrivate, proxyEnv, userAgent } = settings;
  return createHttpClient({ ...patience, proxyEnv, userAgent, destinations: guardedDestinations(allowPrivate) });
}
