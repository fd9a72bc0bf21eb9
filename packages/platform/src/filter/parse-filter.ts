import { platformError } from "../errors.ts";

/** One comparison: `name = "x"`, `name in ("x", "y")`, `name != "x"`, `name contains "x"`, `name startsWith "x"`, `severity >= "high"`. */
export interface Comparison {
  readonly kind: "comparison";
  readonly field: string;
  readonly operator: "in" | "not-in" | "contains" | "starts-with" | "at-least";
  readonly values: readonly string[];
}

/** What a filter says; `and` binds tighter than `or`. */
export type Filter = Comparison | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] };

const longestFilter = 10_000;
const mostComparisons = 100;
const token = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|>=|=|\(|\)|,)|([^\s"'()=!>,]+))/y;

/**
 * Reads the filter language of result lists (contract, rule 6): `freeText in ("x") and a = "x" or b != "y"`. Throws
 * BAD_FILTER, which says where.
 */
export function parseFilter(text: string): Filter | null {
  if (text.trim() === "") return null;
  if (text.length > longestFilter) throw badFilter(`it has more than ${longestFilter} characters`);
  return new Parser(tokensOf(text)).whole();
}

const oneValued = [
  ["contains", "contains"],
  ["startswith", "starts-with"],
  [">=", "at-least"],
] as const;

interface Token {
  readonly text: string;
  readonly isValue: boolean;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const reader = new RegExp(token);
  for (let at = 0; text.slice(at).trim() !== ""; at = reader.lastIndex) {
    reader.lastIndex = at;
    const [, quoted, sign, word] = reader.exec(text) ?? [];
    if (quoted !== undefined) tokens.push({ text: quoted.slice(1, -1).replace(/\\(.)/g, "$1"), isValue: true });
    else if (sign !== undefined) tokens.push({ text: sign, isValue: false });
    else if (word !== undefined) tokens.push({ text: word, isValue: false });
    else throw badFilter(`what stands at character ${at + 1} is not understood`);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #comparisons = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#either();
    if (this.#at < this.#tokens.length) throw badFilter(`${this.#shown()} is one word too many`);
    return filter;
  }

  #either(): Filter {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return joined("or", parts);
  }

  #all(): Filter {
    const parts = [this.#comparison()];
    while (this.#takes("and")) parts.push(this.#comparison());
    return joined("and", parts);
  }

  #comparison(): Filter {
    this.#comparisons += 1;
    if (this.#comparisons > mostComparisons) throw badFilter(`it has more than ${mostComparisons} comparisons`);
    const field = this.#next("a field");
    if (field.isValue || !/^[\w.-]+$/.test(field.text)) throw badFilter(`${JSON.stringify(field.text)} is no field`);
    const kind = "comparison";
    if (this.#takes("=")) return { kind, field: field.text, operator: "in", values: [this.#value()] };
    if (this.#takes("!=")) return { kind, field: field.text, operator: "not-in", values: [this.#value()] };
    for (const [word, operator] of oneValued) {
      if (this.#takes(word)) return { kind, field: field.text, operator, values: [this.#value()] };
    }
    const isNot = this.#takes("not");
    if (!this.#takes("in")) throw badFilter(`=, !=, >=, in, contains or startsWith is missing behind ${field.text}`);
    return { kind, field: field.text, operator: isNot ? "not-in" : "in", values: this.#list() };
  }

  #list(): string[] {
    if (!this.#takes("(")) throw badFilter("a list in brackets is missing behind in");
    const values = [this.#value()];
    while (this.#takes(",")) values.push(this.#value());
    if (!this.#takes(")")) throw badFilter("a list in brackets does not end");
    return values;
  }

  /** Also unquoted: `hasRunningVulns = true`. */
  #value(): string {
    const { text, isValue } = this.#next("a value");
    if (!isValue && /^[(),=]$|^[!>]=$/.test(text)) throw badFilter(`a value is missing before ${JSON.stringify(text)}`);
    return text;
  }

  #next(what: string): Token {
    const next = this.#tokens[this.#at];
    if (next === undefined) throw badFilter(`${what} is missing at its end`);
    this.#at += 1;
    return next;
  }

  #takes(text: string): boolean {
    const next = this.#tokens[this.#at];
    const isIt = next !== undefined && !next.isValue && next.text.toLowerCase() === text;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #shown(): string {
    return JSON.stringify(this.#tokens[this.#at]?.text ?? "");
  }
}

function joined(kind: "and" | "or", parts: readonly Filter[]): Filter {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

/** A filter that cannot be read, or whose value its field cannot have. */
export function badFilter(why: string) {
  return platformError("BAD_FILTER", { fields: { why } });
}
