import type { LookupAddress } from "node:dns";
import type * as Dns from "node:dns/promises";
import type * as Net from "node:net";
import type { LookupFunction } from "node:net";
import type { Destinations } from "./destinations.ts";
import { kitError } from "./errors.ts";
import type { HttpConfig } from "./http.ts";

// See http-agents.ts for why these are not imports.
const dns = (): typeof Dns => process.getBuiltinModule("node:dns/promises");
const net = (): typeof Net => process.getBuiltinModule("node:net");

/** The guard of a client's connections. */
export type Guard = Pick<HttpConfig, "destinations" | "lookup">;

/** Throws ADDRESS_REFUSED for a host that is itself an address which may not be asked: such a one is never looked up. */
export function checkLiteral(url: URL, { destinations }: Guard): void {
  const address = url.hostname.replace(/^\[|\]$/g, "");
  if (destinations === undefined || net().isIP(address) === 0) return;
  const kind = destinations.refusal({ host: address, port: portOf(url), address });
  if (kind !== null) throw kitError("ADDRESS_REFUSED", { fields: { host: url.host, kind } });
}

/**
 * Looks a name up for the connection that is about to be made, which then goes to an address that was checked: a name
 * that stands for another address a moment later (DNS rebinding) gains nothing. Fails with ADDRESS_REFUSED when none of
 * its addresses may be asked. `undefined`: the connection is not guarded.
 */
export function guardedLookup(url: URL, { destinations, lookup = lookupHere }: Guard): LookupFunction | undefined {
  if (destinations === undefined) return undefined;
  return (host, { all }, done) => {
    lookup(host)
      .then((found) => allowedOf(found, url, destinations))
      .then(
        (addresses) =>
          all === true ? done(null, [...addresses]) : done(null, addresses[0].address, addresses[0].family),
        (error: NodeJS.ErrnoException) => done(error, ""),
      );
  };
}

type Some = readonly [LookupAddress, ...LookupAddress[]];

function allowedOf(found: readonly LookupAddress[], url: URL, destinations: Destinations): Some {
  const judged = found.map((entry) => ({
    entry,
    kind: destinations.refusal({ host: url.hostname, port: portOf(url), address: entry.address }),
  }));
  const [first, ...rest] = judged.filter(({ kind }) => kind === null).map(({ entry }) => entry);
  if (first !== undefined) return [first, ...rest];
  const kind = judged[0]?.kind ?? "a name without an address";
  throw kitError("ADDRESS_REFUSED", { fields: { host: url.host, kind } });
}

async function lookupHere(host: string): Promise<readonly LookupAddress[]> {
  return dns().lookup(host, { all: true });
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}
