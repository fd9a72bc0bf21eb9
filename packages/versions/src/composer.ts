import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { compareTokens, type Token } from "./tokens.ts";

const modifier =
  /[._-]?(?:(?<stability>stable|beta|b|rc|alpha|a|patch|pl|p)(?<number>(?:[.-]?\d+(?:[.-]\d+)*)?))?(?<dev>[.-]?dev)?$/;
const classical = new RegExp(`^v?(?<release>\\d{1,5}(?:\\.\\d+){0,3})${modifier.source}`);
const dated = new RegExp(`^v?(?<release>\\d{4}(?:[.:-]?\\d{2}){1,6}(?:[.:-]?\\d{1,3}){0,2})${modifier.source}`);
const branch = /^v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?[.-]?dev$/;

/** PHP version_compare: a number stands between release candidate and patch, the end just below a number. */
const ranks: Readonly<Record<string, number>> = {
  dev: 0,
  alpha: 1,
  a: 1,
  beta: 2,
  b: 2,
  rc: 3,
  end: 4,
  number: 5,
  patch: 6,
  pl: 6,
  p: 6,
};
const numberRank = 5;
const end: Token = { rank: 4, value: 0 };

/**
 * Composer versions as composer/semver normalises them (`v`, four numbers, stability words, `@flag` and `+metadata`
 * dropped, `1.x-dev`), in the order of PHP's version_compare. A named branch (`dev-main`) has no place in an order: unreadable.
 */
export const composer = defineScheme<readonly Token[]>("composer", {
  read(text) {
    const plain = text
      .toLowerCase()
      .replace(/@(?:stable|rc|beta|alpha|dev)$/, "")
      .replace(/\+.+$/s, "");
    return readBranch(plain) ?? readRelease(classical.exec(plain), 4) ?? readRelease(dated.exec(plain), 0);
  },
  compare: (a, b) => compareTokens(a, b, end),
});

function readRelease(match: RegExpExecArray | null, atLeast: number): Token[] | null {
  if (match?.groups === undefined) return null;
  const { release = "", stability, number = "", dev } = match.groups;
  const numbers = numberTokens(release);
  while (numbers.length < atLeast) numbers.push({ rank: numberRank, value: 0 });
  if (stability === "stable") return numbers;
  return [
    ...numbers,
    ...(stability === undefined ? [] : [{ rank: ranks[stability] ?? 0, value: 0 }, ...numberTokens(number)]),
    ...(dev === undefined ? [] : [{ rank: 0, value: 0 }]),
  ];
}

/** `1.x-dev` is later than every 1.n: composer writes 9999999 for the open places. */
function readBranch(text: string): Token[] | null {
  const match = branch.exec(text);
  if (match === null || !/[x*]/.test(text)) return null;
  const parts = match.slice(1, 5).map((part) => (part === undefined || /[x*]/.test(part) ? "9999999" : part));
  return [...parts.map((digits) => ({ rank: numberRank, value: readNatural(digits) })), { rank: 0, value: 0 }];
}

function numberTokens(text: string): Token[] {
  return (text.match(/\d+/g) ?? []).map((digits) => ({ rank: numberRank, value: readNatural(digits) }));
}
