import { platformError } from "../../errors.ts";
import type { Actor } from "../../identity/actor.ts";

/** What a browser comes with. */
export interface Visitor {
  readonly address: string;
  /** What it calls itself. */
  readonly agent: string;
  /** Secret of the session that it came with. */
  readonly session: string | null;
}

/** Somebody who has signed in: not a token. */
export type SignedIn = Actor & { readonly person: number; readonly session: number };

/** Throws SESSION_NEEDED for a token: one that leaks must not be able to make others or to lock its owner out. */
export function signedIn(actor: Actor): SignedIn {
  const { person, session } = actor;
  if (person === null || session === null) throw platformError("SESSION_NEEDED");
  return { ...actor, person, session };
}
