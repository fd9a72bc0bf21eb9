import type { Chance } from "./chance.ts";

/** Changes an input; `other` is another of the corpus, to take pieces from. */
export type Mutator = (input: Buffer, tools: { readonly chance: Chance; readonly other: Buffer }) => Buffer;

/** What an execution came to. */
export interface Outcome {
  /** The kind of ending in a few words without values (error code, kinds of problems): a new one is worth keeping. */
  readonly shape: string;
  /** All that was answered; the same bytes must give the same again. */
  readonly value: unknown;
}

/** One parser, its real inputs, and what may never happen. */
export interface FuzzTarget {
  /** kebab-case; the folder of its corpus. */
  readonly name: string;
  /** Paths from the checkout's root whose coverage counts: a folder's with a slash behind. */
  readonly scope: readonly string[];
  readonly mutators: readonly [Mutator, ...Mutator[]];
  /** Part of the minutes a parser gets, where several targets share one. */
  readonly share?: number;
  /** Longest input, bytes. */
  readonly maxBytes?: number;
  /** Real and own-made inputs; asked once. */
  seeds(): Promise<readonly Buffer[]>;
  /** Throws when the parser breaks a promise. */
  run(input: Buffer): Outcome | Promise<Outcome>;
}
