import { cut, displayWidth, pad, wrap } from "./display-width.ts";
import type { Paint, Tone } from "./paint.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Cells it needs at least; without it the column never shrinks. */
  readonly min?: number;
  /** What happens to text that does not fit; wrapped by default. */
  readonly overflow?: "wrap" | "cut";
  /** Left out when there is no room; the highest number first. */
  readonly drop?: number;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface TableOptions {
  /** Cells of a line, indent included. */
  readonly columns: number;
  readonly indent: number;
  readonly paint: Paint;
}

const gap = 2;

/** Lines of a table without borders; columns shrink, then wrap, then optional ones go, so that lines fit where that is possible. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): string[] {
  const natural = columns.map((column, index) => {
    return rows.reduce(
      (width, row) => Math.max(width, displayWidth(row[index]?.text ?? "")),
      displayWidth(column.title),
    );
  });
  const shown = columns.map((_, index) => index);
  let widths = fittingWidths(columns, natural, { shown, room: options.columns - options.indent });
  while (widths === null && dropOne(columns, shown)) {
    widths = fittingWidths(columns, natural, { shown, room: options.columns - options.indent });
  }
  const layout = {
    columns,
    shown,
    widths: widths ?? columns.map(({ min }, index) => min ?? natural[index] ?? 0),
    options,
  };
  const titles = columns.map(({ title }) => ({ text: title, tone: "quiet" as const }));
  return [titles, ...rows].flatMap((row) => rowLines(row, layout));
}

interface Layout {
  readonly columns: readonly Column[];
  readonly shown: readonly number[];
  readonly widths: readonly number[];
  readonly options: TableOptions;
}

/** Widths by column when the shown ones fit; the widest shrinkable column gives way first. */
function fittingWidths(
  columns: readonly Column[],
  natural: readonly number[],
  { shown, room }: { readonly shown: readonly number[]; readonly room: number },
): number[] | null {
  const widths = [...natural];
  const width = (index: number): number => widths[index] ?? 0;
  let over = shown.reduce((sum, index) => sum + width(index), gap * (shown.length - 1)) - room;
  while (over > 0) {
    const shrinkable = shown.filter((index) => width(index) > (columns[index]?.min ?? Number.POSITIVE_INFINITY));
    const widest = shrinkable.toSorted((a, b) => width(b) - width(a));
    const [first, second] = widest;
    if (first === undefined) return null;
    const floor = Math.max(columns[first]?.min ?? 0, second === undefined ? 0 : width(second) - 1);
    const next = Math.max(floor, width(first) - over);
    over -= width(first) - next;
    widths[first] = next;
  }
  return widths;
}

/** Takes the most dispensable column away; false when there is none. */
function dropOne(columns: readonly Column[], shown: number[]): boolean {
  const [first] = shown
    .filter((index) => columns[index]?.drop !== undefined)
    .toSorted((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0));
  if (first === undefined) return false;
  shown.splice(shown.indexOf(first), 1);
  return true;
}

function rowLines(row: readonly Cell[], { columns, shown, widths, options }: Layout): string[] {
  const cells = shown.map((index) => {
    const { text = "", tone = "plain" } = row[index] ?? {};
    const width = widths[index] ?? 0;
    const lines = columns[index]?.overflow === "cut" ? [cut(text, width)] : wrap(text, width);
    return { lines, tone, width, align: columns[index]?.align ?? "left" };
  });
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const pieces = cells.map(({ lines, tone, width, align }) => ({ tone, text: pad(lines[line] ?? "", width, align) }));
    const last = pieces.findLastIndex(({ text }) => text.trim() !== "");
    const kept = pieces.slice(0, last + 1).map(({ tone, text }, place) => {
      return options.paint(tone, place === last ? text.trimEnd() : text);
    });
    return `${" ".repeat(options.indent)}${kept.join(" ".repeat(gap))}`.trimEnd();
  });
}
