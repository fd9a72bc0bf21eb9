import type { Difference } from "@plimsoll/model";

/** Who writes, and how it should look. Nothing of it is read from the environment. */
export interface DiffOptions {
  readonly scanner: { readonly name: string; readonly version: string };
  readonly text: {
    /** Width to fill, at least 40. */
    readonly columns: number;
    readonly colors: boolean;
    /** Every row instead of the worst. */
    readonly everyRow: boolean;
  };
}

/** Writes a difference. One folder each, one line in `diff-formats.ts`. */
export interface DiffFormat {
  /** kebab-case; what `--output` calls it. */
  readonly name: string;
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  /** The whole document, ending in a newline; the same bytes for the same arguments. */
  write(difference: Difference, options: DiffOptions): string;
}
