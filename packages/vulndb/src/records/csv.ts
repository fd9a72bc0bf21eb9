interface Field {
  readonly value: string;
  /** Where the separator behind it stands, or the text's length. */
  readonly end: number;
}

/**
 * The rows of a CSV document (RFC 4180: quoted fields may hold commas, doubled quotes and line ends). A quote that never
 * closes makes the rest of the document one field.
 */
export function* csvRows(text: string): Generator<string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const { value, end } = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    row.push(value);
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
    if (text[end] === ",") continue;
    yield row;
    row = [];
  }
  if (row.length > 0) yield [...row, ""];
}

function plainField(text: string, start: number): Field {
  const separator = /[,\r\n]/g;
  separator.lastIndex = start;
  const end = separator.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number): Field {
  const parts: string[] = [];
  for (let from = start + 1; ; ) {
    const close = text.indexOf('"', from);
    if (close === -1) return { value: [...parts, text.slice(from)].join('"'), end: text.length };
    parts.push(text.slice(from, close));
    if (text[close + 1] === '"') {
      from = close + 2;
      continue;
    }
    const tail = plainField(text, close + 1);
    return { value: parts.join('"') + tail.value, end: tail.end };
  }
}
