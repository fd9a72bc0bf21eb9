/** Code points that terminals draw two cells wide: East Asian Wide and Fullwidth (Unicode UAX #11), emoji by default. Read late: the Unicode tables it asks for take a start 0.3 ms. */
const wide = () =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Cells of a terminal line that a text takes. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** The text with spaces up to `width` cells: behind it, or before it for numbers. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + spaces : spaces + text;
}

/** The text cut to `width` cells with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${takeCells(text, Math.max(0, width - 1))}…`;
}

/** Lines of at most `width` cells: broken at spaces, else behind punctuation of names and paths, else anywhere. At least one line. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    const size = displayWidth(word);
    if (line !== "" && used + 1 + size <= room) {
      line += ` ${word}`;
      used += 1 + size;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = size <= room ? [word] : breakWord(word, room);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
    used = displayWidth(line);
  }
  return [...lines, line];
}

/** A word wider than the room: behind the last mark of names and paths in the second half of a line, else where the room ends. Linear. */
function breakWord(word: string, room: number): string[] {
  const parts = isPlain(word) ? [...word] : Array.from(graphemesOf(word), ({ segment }) => segment);
  const pieces: string[] = [];
  let line: string[] = [];
  let used = 0;
  for (const part of parts) {
    const size = graphemeWidth(part);
    if (used + size > room && line.length > 0) {
      const at = line.findLastIndex((mark) => "/-_.:@,+~".includes(mark)) + 1;
      const end = at > line.length / 2 ? at : line.length;
      pieces.push(line.slice(0, end).join(""));
      line = line.slice(end);
      used = line.reduce((sum, kept) => sum + graphemeWidth(kept), 0);
    }
    line.push(part);
    used += size;
  }
  return [...pieces, line.join("")];
}

function takeCells(text: string, cells: number): string {
  if (isPlain(text)) return text.slice(0, cells);
  let taken = "";
  let width = 0;
  for (const { segment } of graphemesOf(text)) {
    width += graphemeWidth(segment);
    if (width > cells) break;
    taken += segment;
  }
  return taken;
}

/** A segmenter for each text: making the first costs 8 ms, which plain text never pays; each other costs microseconds. */
function graphemesOf(text: string): Intl.Segments {
  return new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
}

function graphemeWidth(grapheme: string): number {
  if (isPlain(grapheme)) return grapheme.length;
  if (/^[\p{M}\p{Cf}]*$/u.test(grapheme)) return 0;
  return wide().test(grapheme) ? 2 : 1;
}

/** ASCII and the marks our own reports draw: a cell for each character. */
function isPlain(text: string): boolean {
  return /^[ -~·…→━]*$/.test(text);
}
