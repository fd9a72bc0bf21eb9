/** Characters that JSON leaves as they are and that a terminal or an editor obeys: DEL, C1 controls, line separators, marks of direction. */
const obeyed = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A JSON document for people and programs: the same values, nothing in it that moves a cursor or turns the reading direction. */
export function jsonText(value: unknown): string {
  return `${escaped(JSON.stringify(value, null, 2))}\n`;
}

/** A part of such a document as it stands `depth` levels deep in it, without its first indent and without a newline behind it. */
export function jsonPart(value: unknown, depth: number): string {
  return escaped(JSON.stringify(value, null, 2).replaceAll("\n", `\n${"  ".repeat(depth)}`));
}

function escaped(text: string): string {
  return text.replace(obeyed, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
