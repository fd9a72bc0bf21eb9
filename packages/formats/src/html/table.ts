/** A column of a table; numbers stand right. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** One row: its cells as markup, already escaped; the first names the row. */
export type Row = readonly string[];

/** A table with caption and heads, in a box that scrolls where the screen is narrow; nothing without rows. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const kind = (index: number): string => (columns[index]?.isNumber ? ' class="number"' : "");
  const heads = columns.map(({ title }, index) => `<th scope="col"${kind(index)}>${title}</th>`).join("");
  const lines = rows.map((cells) => {
    const told = cells.map((cell, index) => {
      return index === 0 ? `<th scope="row">${cell}</th>` : `<td${kind(index)}>${cell}</td>`;
    });
    return `<tr>${told.join("")}</tr>`;
  });
  return [
    `<div class="scroll" role="region" aria-label="${caption}" tabindex="0">`,
    `<table><caption>${caption}</caption>`,
    `<thead><tr>${heads}</tr></thead>`,
    "<tbody>",
    ...lines,
    "</tbody></table>",
    "</div>",
  ];
}
