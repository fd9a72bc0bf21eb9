import type { Caller, World } from "../walk-world.ts";

/** A request that can be made. */
export interface SampleRequest {
  readonly url: string;
  /** Bytes are sent as such, an object as JSON. */
  readonly body?: object;
  /** Instead of the caller's own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the walk over all routes asks of one: a new route needs one, unless it only reads and has no parameters. */
export interface Sample {
  /** Good for whoever may call it, once: what it needs is made anew each time. */
  readonly request: (world: World, caller: Caller) => SampleRequest | Promise<SampleRequest>;
  /** The same with the id of something of the other team: must give 404, or 403 to who may not call it at all. */
  readonly foreign?: (world: World, caller: Caller) => SampleRequest | Promise<SampleRequest>;
  /** Why there is nothing foreign: whoever may call it may do so for every id. */
  readonly shared?: string;
  /** Why a success changes nothing that the audit should tell. */
  readonly unaudited?: string;
  /** Answers people alone: a token gets SESSION_NEEDED. */
  readonly session?: true;
  /** Statuses of somebody who may call it, where they are not the route's. */
  readonly status?: (caller: Caller) => number;
}

/** `METHOD path` as in the list of routes → its sample. */
export type Samples = Readonly<Record<string, Sample>>;
