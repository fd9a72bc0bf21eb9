import { uuidOf } from "@plimsoll/model";

/** What a text may not hold where people read it: control and direction characters, halves of pairs. */
const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A text of a collector as it is kept: what nobody can see becomes U+FFFD; too long, it is cut and told apart by its hash. */
export function cleanText(text: string, longest: number): string {
  const seen = text.replace(unseen, "\ufffd");
  if (seen.length <= longest) return seen;
  const mark = `…${uuidOf("cut", text).slice(0, 8)}`;
  return seen.slice(0, longest - mark.length).toWellFormed() + mark;
}

/** Most labels of one asset, and how long their names and values may be. */
const mostLabels = 100;
const longestName = 200;
const longestValue = 500;

export interface CleanLabels {
  readonly labels: Readonly<Record<string, string>>;
  /** Something was cut, cleaned or left out. */
  readonly isChanged: boolean;
}

/** Labels as they are kept, in order; of too many those stay that say where something runs. */
export function cleanLabels(given: Readonly<Record<string, string>>): CleanLabels {
  const all = Object.entries(given);
  const clean = all.map(([name, value]): [string, string] => [
    cleanText(name, longestName),
    cleanText(value, longestValue),
  ]);
  const kept = clean
    .filter(([name]) => name !== "")
    .sort(([a], [b]) => weight(a) - weight(b) || (a < b ? -1 : 1))
    .slice(0, mostLabels);
  const isChanged =
    kept.length < all.length || clean.some(([name, value], at) => name !== all[at]?.[0] || value !== all[at]?.[1]);
  return { labels: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))), isChanged };
}

function weight(name: string): number {
  if (/^kubernetes\.\w+\.(?:name|type)$|^kubernetes\.pod\.container\.name$|^host\.hostName$/.test(name)) return 0;
  return /\.labels?\./.test(name) ? 2 : 1;
}
