/** What a registry asks for in `WWW-Authenticate`. */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service: string | null;
      readonly scope: string | null;
    };

const longest = 8192;

/**
 * Reads the challenges of RFC 9110 section 11.6.1 that registries use; `null` when none is Bearer (with a realm) or
 * Basic. Bearer is preferred when both are offered.
 */
export function parseChallenge(header: string): Challenge | null {
  const offers = splitChallenges(header.slice(0, longest));
  for (const { scheme, params } of offers) {
    const realm = params.get("realm");
    if (scheme !== "bearer" || realm === undefined) continue;
    return { scheme, realm, service: params.get("service") ?? null, scope: params.get("scope") ?? null };
  }
  return offers.some(({ scheme }) => scheme === "basic") ? { scheme: "basic" } : null;
}

interface Offer {
  readonly scheme: string;
  readonly params: Map<string, string>;
}

const param = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
const scheme = /([A-Za-z][A-Za-z0-9_-]*)(?=[\s,]|$)/y;

function splitChallenges(header: string): Offer[] {
  const offers: Offer[] = [];
  for (let at = 0; at < header.length; ) {
    const pair = matchAt(param, header, at);
    const word = pair === null ? matchAt(scheme, header, at) : null;
    if (pair !== null) {
      const value = pair[2]?.replace(/\\(.)/g, "$1") ?? pair[3] ?? "";
      offers.at(-1)?.params.set((pair[1] ?? "").toLowerCase(), value);
    }
    if (word !== null) offers.push({ scheme: (word[1] ?? "").toLowerCase(), params: new Map() });
    at += (pair ?? word)?.[0].length ?? 1;
  }
  return offers;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern.source, "y");
  sticky.lastIndex = at;
  return sticky.exec(text);
}
