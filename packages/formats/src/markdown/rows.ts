/** A part of the document: lines that stand, rows that may be left out from the end, lines behind them. */
export interface Section {
  readonly head: readonly string[];
  readonly rows: readonly string[];
  readonly tail: readonly string[];
}

/** A table with its head. */
export function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): Section {
  if (rows.length === 0) return { head: [], rows: [], tail: [] };
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return { head: [`### ${title}`, "", line(columns), line(columns.map(() => "---"))], rows: rows.map(line), tail: [] };
}

/** The sections as one document of at most that many characters (besides their heads): later rows are counted instead of shown. */
export function fitting(most: number, sections: readonly Section[]): string {
  const told = sections.filter(({ head, rows, tail }) => head.length + rows.length + tail.length > 0);
  const fixed = told.flatMap(({ head, tail }) => [...head, ...tail]).reduce((sum, line) => sum + line.length + 40, 0);
  let left = most - fixed;
  const texts = told.map(({ head, rows, tail }) => {
    const shown: string[] = [];
    for (const row of rows) {
      if (row.length + 1 > left) break;
      left -= row.length + 1;
      shown.push(row);
    }
    const hidden = rows.length - shown.length;
    const more = hidden > 0 ? ["", `and ${hidden} more`] : [];
    return [...head, ...shown, ...more, ...tail].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}
