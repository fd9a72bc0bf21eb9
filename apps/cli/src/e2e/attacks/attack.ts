import type { TarEntry } from "@plimsoll/testkit";

/** How a run under attack must end. */
export type Ending =
  /** Nothing could be told: error code, exit 3. */
  | { readonly kind: "refused"; readonly code: string }
  /** All healthy packages are told, and one Problem `incomplete` of this code names what is lost; exit 3. */
  | { readonly kind: "incomplete"; readonly code: string; readonly path?: string }
  /** Nothing is lost: exit 0, and these packages beside the healthy ones. */
  | { readonly kind: "whole"; readonly also?: readonly string[] };

export interface Attack {
  /** What is done to the program; the name of its test. */
  readonly name: string;
  /** Entries of the top layer of an image whose other layers are healthy, or a whole image file. */
  readonly make: () => readonly TarEntry[] | Buffer;
  readonly ends: Ending;
  /** A policy to judge by besides the default one, which the image breaks: exit 1. */
  readonly breaks?: string;
  readonly wallMs?: number;
}

export const refused = (code: string): Ending => ({ kind: "refused", code });
export const incomplete = (code: string, path?: string): Ending => ({
  kind: "incomplete",
  code,
  ...(path !== undefined && { path }),
});
export const whole = (...also: readonly string[]): Ending => ({ kind: "whole", also });
