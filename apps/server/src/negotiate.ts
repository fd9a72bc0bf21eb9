/** A media type that can be given. */
export interface Offer {
  /** `type/subtype`, lower case. */
  readonly type: string;
  /** A `version` parameter, where it has one. */
  readonly version?: string;
}

interface Range extends Offer {
  readonly q: number;
}

/**
 * What of the offers an Accept header likes best (RFC 9110, 12.5.1): for each the most precise range that names it says
 * how much; of equals the first stands. `null`: none. Without a header: the first.
 */
export function negotiate<O extends Offer>(accept: string | null, offers: readonly O[]): O | null {
  const ranges = rangesOf(accept ?? "*/*");
  const liked = offers.map((offer) => ({ offer, q: likingOf(offer, ranges) }));
  const best = liked.reduce((top, one) => Math.max(top, one.q), 0);
  return best === 0 ? null : (liked.find(({ q }) => q === best)?.offer ?? null);
}

/** An offer as a header names it. */
export function mediaTypeOf({ type, version }: Offer): string {
  return version === undefined ? type : `${type}; version=${version}`;
}

function rangesOf(accept: string): Range[] {
  const text = accept.trim() === "" ? "*/*" : accept;
  return text.split(",").flatMap((part) => {
    const [type = "", ...words] = part.split(";").map((word) => word.trim().toLowerCase());
    if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return [];
    const parameters = new Map(words.map((word) => nameAndValue(word)));
    const version = parameters.get("version");
    const q = Number(parameters.get("q") ?? "1");
    return [{ type, q: q >= 0 && q <= 1 ? q : 0, ...(version !== undefined && { version }) }];
  });
}

function nameAndValue(word: string): [name: string, value: string] {
  const at = word.indexOf("=");
  return at === -1
    ? [word, ""]
    : [
        word.slice(0, at).trim(),
        word
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      ];
}

function likingOf(offer: Offer, ranges: readonly Range[]): number {
  const fitting = ranges
    .map((range) => ({ q: range.q, weight: weightOf(range, offer) }))
    .filter(({ weight }) => weight > 0);
  return fitting.sort((a, b) => b.weight - a.weight || b.q - a.q)[0]?.q ?? 0;
}

/** How precisely a range names an offer; 0: not at all. */
function weightOf({ type, version }: Range, offer: Offer): number {
  if (version !== undefined && version !== offer.version) return 0;
  if (type === offer.type) return version === undefined ? 3 : 4;
  if (type === "*/*") return 1;
  return type.endsWith("/*") && offer.type.startsWith(type.slice(0, -1)) ? 2 : 0;
}
