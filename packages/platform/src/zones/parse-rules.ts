import { platformError } from "../errors.ts";
import type { Condition } from "./condition.ts";

const longestRules = 10_000;
const mostComparisons = 200;
const mostValues = 1000;
const deepest = 20;
const token = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|=|\(|\)|,)|([^\s"'()=!,]+))/suy;

/**
 * Reads the rules of a zone's scope: `clusterId in ("a", "b") and not (namespace contains "x" or agentTags != "k: v")`.
 * `and` binds tighter than `or`, `not` tighter than both; words in any case, values in quotes. Empty rules: `null`.
 * Throws BAD_ZONE, which says where.
 */
export function parseRules(text: string): Condition | null {
  if (text.trim() === "") return null;
  if (text.length > longestRules) throw bad(`it has more than ${longestRules} characters`, longestRules);
  return new Parser(tokensOf(text), text.length).whole();
}

interface Token {
  readonly text: string;
  readonly isValue: boolean;
  /** From 0. */
  readonly at: number;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const reader = new RegExp(token);
  for (let from = 0; text.slice(from).trim() !== ""; from = reader.lastIndex) {
    reader.lastIndex = from;
    const [whole = "", quoted, sign, word] = reader.exec(text) ?? [];
    const at = from + whole.length - (quoted ?? sign ?? word ?? "").length;
    if (quoted !== undefined) tokens.push({ text: quoted.slice(1, -1).replace(/\\(.)/gsu, "$1"), isValue: true, at });
    else if (sign !== undefined) tokens.push({ text: sign, isValue: false, at });
    else if (word !== undefined) tokens.push({ text: word, isValue: false, at });
    else throw bad("what stands here is not understood (is a quote left open?)", from + leading(text.slice(from)));
  }
  return tokens;
}

function leading(text: string): number {
  return text.length - text.trimStart().length;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;
  #comparisons = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  whole(): Condition {
    const condition = this.#either();
    if (this.#next < this.#tokens.length) throw this.#bad("and, or or the end is expected");
    return condition;
  }

  #either(): Condition {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return joined("or", parts);
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.#takes("and")) parts.push(this.#one());
    return joined("and", parts);
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#bad(`nothing may lie deeper than ${deepest} brackets and nots`);
    const one = this.#takes("not") ? negated(this.#one()) : this.#takes("(") ? this.#bracketed() : this.#comparison();
    this.#depth -= 1;
    return one;
  }

  #bracketed(): Condition {
    const inner = this.#either();
    if (!this.#takes(")")) throw this.#bad("a closing bracket is missing");
    return inner;
  }

  #comparison(): Condition {
    this.#comparisons += 1;
    if (this.#comparisons > mostComparisons) throw this.#bad(`it has more than ${mostComparisons} comparisons`);
    const field = this.#tokens[this.#next];
    if (field === undefined || field.isValue || /^[=!(),]/.test(field.text)) throw this.#bad("a field is expected");
    this.#next += 1;
    const comparison = { kind: "comparison", field: field.text } as const;
    if (this.#takes("=")) return { ...comparison, operator: "in", values: [this.#value()] };
    if (this.#takes("!=")) return negated({ ...comparison, operator: "in", values: [this.#value()] });
    const isNot = this.#takes("not");
    const isContained = this.#takes("contains");
    if (!isContained && !this.#takes("in")) throw this.#bad("=, !=, in or contains is expected");
    const values = isContained && !this.#is("(") ? [this.#value()] : this.#list();
    const said: Condition = { ...comparison, operator: isContained ? "contains" : "in", values };
    return isNot ? negated(said) : said;
  }

  #list(): string[] {
    if (!this.#takes("(")) throw this.#bad("a list in brackets is expected");
    const values = [this.#value()];
    while (this.#takes(",")) values.push(this.#value());
    if (values.length > mostValues) throw this.#bad(`a list has more than ${mostValues} values`);
    if (!this.#takes(")")) throw this.#bad("a comma or the list's closing bracket is expected");
    return values;
  }

  #value(): string {
    const value = this.#tokens[this.#next];
    if (value === undefined || !value.isValue) throw this.#bad("a value in quotes is expected");
    if (value.text === "") throw this.#bad("a value may not be empty");
    this.#next += 1;
    return value.text;
  }

  #is(word: string): boolean {
    const next = this.#tokens[this.#next];
    return next !== undefined && !next.isValue && next.text.toLowerCase() === word;
  }

  #takes(word: string): boolean {
    const isIt = this.#is(word);
    if (isIt) this.#next += 1;
    return isIt;
  }

  #bad(why: string) {
    return bad(why, this.#tokens[this.#next]?.at ?? this.#length);
  }
}

function negated(part: Condition): Condition {
  return { kind: "not", part };
}

function joined(kind: "and" | "or", parts: readonly Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

function bad(why: string, at: number) {
  return platformError("BAD_ZONE", { fields: { why: `at character ${at + 1}, ${why}` } });
}
