import { defineScheme } from "./scheme.ts";

interface DebKey {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

const maxEpoch = 2 ** 31 - 1;

/**
 * Debian versions, `[epoch:]upstream[-revision]` (deb-version(7)). Reads what dpkg reads, texts it only warns about
 * included (not starting with a digit); a missing revision equals revision 0.
 */
export const deb = defineScheme<DebKey>("deb", {
  read(text) {
    const colon = text.indexOf(":");
    const epochText = colon < 0 ? "0" : text.slice(0, colon);
    if (!/^\d{1,10}$/.test(epochText) || Number(epochText) > maxEpoch) return null;
    const rest = text.slice(colon + 1);
    const dash = rest.lastIndexOf("-");
    const upstream = dash < 0 ? rest : rest.slice(0, dash);
    if (upstream === "" || dash === rest.length - 1) return null;
    return { epoch: Number(epochText), upstream, revision: dash < 0 ? "" : rest.slice(dash + 1) };
  },
  compare: (a, b) => a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision),
});

/** Alternating runs of non-digits (by {@link weight}, end of text counts as 0) and digits (by value). */
function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (isWord(a, i) || isWord(b, j)) {
      const order = weight(a, i++) - weight(b, j++);
      if (order !== 0) return order;
    }
    const endA = endOfDigits(a, i);
    const endB = endOfDigits(b, j);
    const order = compareDigits(a.slice(i, endA), b.slice(j, endB));
    if (order !== 0) return order;
    i = endA;
    j = endB;
  }
  return 0;
}

/** Order of two runs of digits of any length by their values; an empty run is 0. */
export function compareDigits(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  return digits.slice(start);
}

/** Index behind the digits that start at `from`. */
function endOfDigits(text: string, from: number): number {
  let end = from;
  while (isDigitCode(text.charCodeAt(end))) end++;
  return end;
}

const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (text: string, at: number): boolean => at < text.length && !isDigitCode(text.charCodeAt(at));

/** `~` sorts before the end, the end before letters, letters before everything else. */
function weight(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code) || isDigitCode(code)) return 0;
  if (code === 126) return -1;
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return letter ? code : code + 256;
}
