import { plainText } from "@plimsoll/kit";
import type { WriteOptions } from "../format.ts";
import type { ReportIndex } from "../report-index.ts";
import { wrap } from "./display-width.ts";
import type { Paint } from "./paint.ts";

/** What every section of the text report works with. */
export interface Scene {
  readonly index: ReportIndex;
  readonly options: WriteOptions;
  readonly paint: Paint;
  /** Cells of a line. */
  readonly columns: number;
}

/** Prose and tables beyond this width are harder to read, not easier. */
const readable = 160;

/** Cells to use of the given width. */
export function usableColumns(columns: number): number {
  return Math.min(Math.max(40, Math.floor(columns)), readable);
}

/** A name, version or path from outside, safe for a terminal and cut to what a person reads. */
export function nameText(text: string, limit = 160): string {
  return plainText(text, limit);
}

/** Prose in lines under an indent; the first line may start with other text of the same width. */
export function prose(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: string },
): string[] {
  const lines = wrap(text, Math.min(columns, 110) - indent.length);
  return lines.map((line) => `${indent}${line}`.trimEnd());
}
