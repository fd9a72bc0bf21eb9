import type { Actor, Permission, Services } from "@plimsoll/platform";
import type { z } from "zod";
import type { Visit } from "./authentication/visit.ts";
import type { WholeAnswer } from "./whole-answer.ts";

export interface RouteSchemas {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** Absent: there is none, or it comes as bytes. */
  readonly body?: z.ZodType;
  /** The body of a success; absent: none. */
  readonly answer?: z.ZodType;
  /** What documentation shows instead, where `answer` is loose because an odd old document must not be refused. */
  readonly shows?: z.ZodType;
}

type Checked<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What came in, checked by the schemas. */
export interface Asked<S extends RouteSchemas> {
  readonly params: Checked<S["params"]>;
  readonly query: Checked<S["query"]>;
  readonly body: S["body"] extends z.ZodType ? z.output<S["body"]> : Uint8Array;
  readonly actor: Actor;
  readonly visit: Visit;
  /** What the client would like to have: its Accept header; `null`: it does not say. */
  readonly accept: string | null;
  /** How the client would like to be answered: its Prefer header (RFC 7240). */
  readonly prefer: string | null;
}

/** The same before it is checked. */
export interface RawAsked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly actor: Actor;
  readonly visit: Visit;
  readonly accept: string | null;
  readonly prefer: string | null;
}

/** Row of the table of permissions; `signed-in`: any valid session or token; `nobody`: even without one. */
export type Access = Permission | "signed-in" | "nobody";

interface RouteFacts {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Parameters as `:name`. */
  readonly path: string;
  readonly permission: Access;
  readonly summary: string;
  /** What else its documentation says; Markdown. */
  readonly description?: string;
  /** Status of a success; 200. 501: it is not built yet. */
  readonly status?: 200 | 201 | 202 | 204 | 501;
  /** The body comes as bytes, not as JSON. */
  readonly takes?: "bytes";
  /** Media types of a success where it is not JSON alone; the Accept header chooses. */
  readonly gives?: readonly string[];
  /** Statuses that only this endpoint has, with their bodies. */
  readonly errors?: Readonly<Record<number, z.ZodType>>;
  /** Each success and failure takes one of the turns that the actor has in a minute. */
  readonly counted?: "scans";
  /** May be called by who must change the password first. */
  readonly beforeChange?: true;
}

interface TypedRoute<S extends RouteSchemas> extends RouteFacts {
  readonly schemas: S;
  readonly handle: (services: Services, asked: Asked<S>) => Promise<Answer<S> | WholeAnswer>;
}

type Answer<S extends RouteSchemas> = S["answer"] extends z.ZodType ? z.input<S["answer"]> : undefined;

/** One endpoint. The list of them (`routes.ts`) is the API: its paths, its documentation and who may call them. */
export interface Route extends RouteFacts {
  readonly schemas: RouteSchemas;
  /** Only with what the schemas have checked. */
  readonly run: (services: Services, checked: RawAsked) => Promise<unknown>;
}

/** Makes a route whose handler sees what its schemas promise. */
export function route<const S extends RouteSchemas>({ handle, ...rest }: TypedRoute<S>): Route {
  return { ...rest, run: (services, checked) => handle(services, checked as Asked<S>) };
}
