import { createHttpClient, guardedDestinations, type HttpClient, type ProxyEnv } from "@plimsoll/kit";

/** Patience with those who are asked; ms. */
interface Patience {
  readonly answerTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

/** How this server reaches others (decision 21); plain data, so that threads can be told. */
export interface OutboundSettings extends Patience {
  /** Addresses, ranges and hosts that are no public ones and may be asked all the same. */
  readonly allowPrivate: readonly string[];
  readonly proxyEnv: ProxyEnv;
  readonly userAgent: string;
}

/** The client for everything this server asks of others: public addresses, and those that are allowed. Throws BAD_DESTINATION_RULE. */
export function openOutbound(settings: OutboundSettings, patience: Patience = {}): HttpClient {
  const { allowPrivate, ...config } = settings;
  return createHttpClient({ ...config, ...patience, destinations: guardedDestinations(allowPrivate) });
}
