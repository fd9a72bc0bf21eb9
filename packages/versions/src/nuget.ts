import { readNatural } from "./natural.ts";
import { defineScheme } from "./scheme.ts";
import { semverEnd } from "./semver.ts";
import { compareTokens, type Token } from "./tokens.ts";

const grammar =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?$/;
const released: Token = { rank: 3, value: 0 };
/** NuGet reads labels with Int32.TryParse: longer numbers compare as text. */
const maxNumericLabel = 2 ** 31 - 1;

/** NuGet versions: one to four numbers, SemVer 2.0.0 labels without regard to case, metadata ignored (NuGet "Package versioning"). */
export const nuget = defineScheme<readonly Token[]>("nuget", {
  read(text) {
    const match = grammar.exec(text);
    if (match === null) return null;
    const numbers = match.slice(1, 5).map((digits = "0") => ({ rank: 2, value: readNatural(digits) }));
    const labels = match[5]?.toLowerCase().split(".").map(labelToken);
    return [...numbers, ...(labels ?? [released])];
  },
  compare: (a, b) => compareTokens(a, b, semverEnd),
});

function labelToken(label: string): Token {
  const numeric = /^\d+$/.test(label) && Number(label) <= maxNumericLabel;
  return numeric ? { rank: 1, value: Number(label) } : { rank: 2, value: label };
}
