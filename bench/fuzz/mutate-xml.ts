import { anyOf, type Chance } from "./chance.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import type { Mutator } from "./target.ts";

const odd = [
  "<![CDATA[x",
  "]]>",
  "<!--",
  "<?x",
  "&lt;",
  "&amp;lt;",
  "&#0;",
  "&#x110000;",
  "&a;",
  '<!DOCTYPE a [<!ENTITY a "b">]>',
  "<a/>",
  "<",
];

/** Elements left out, doubled, moved, renamed, nested, taken from another document; texts and attributes changed. */
export const mutateXml: Mutator = (input, tools) => {
  const pieces = input.toString("latin1").split(/(<[^>]*>)/);
  const at = chance0(pieces, tools.chance);
  tools.chance.pick(edits)(pieces, at, tools);
  return Buffer.from(pieces.join(""), "latin1");
};

type Tools = { readonly chance: Chance; readonly other: Buffer };
type Edit = (pieces: string[], at: number, tools: Tools) => void;

const edits: readonly [Edit, ...Edit[]] = [
  (pieces, at, { chance }) => void pieces.splice(at, 1 + chance.below(6)),
  (pieces, at) => void pieces.splice(at, elementEnd(pieces, at) - at),
  (pieces, at, { chance }) =>
    void pieces.splice(chance.below(pieces.length), 0, ...pieces.slice(at, elementEnd(pieces, at))),
  (pieces, at, { chance, other }) => {
    const there = other.toString("latin1").split(/(<[^>]*>)/);
    const from = chance0(there, chance);
    pieces.splice(at, 0, ...there.slice(from, elementEnd(there, from)));
  },
  otherAttribute,
  otherAttribute,
  (pieces, at, { chance }) => {
    pieces[at] = `${pieces[at] ?? ""}${anyOf(odd, chance) ?? ""}`;
  },
  (pieces, at, { chance }) => {
    const times = chance.pick([2, 20, 400]);
    pieces[at] = (pieces[at] ?? "").repeat(times);
  },
  (pieces, at, { chance, other }) => {
    const text = at % 2 === 0 ? at : at + 1;
    pieces[text] = mutateBytes(Buffer.from(pieces[text] ?? "", "latin1"), { chance, other }).toString("latin1");
  },
];

/** Texts between tags are mostly blanks: a tag is likelier. */
function chance0(pieces: readonly string[], chance: Chance): number {
  const at = chance.below(pieces.length);
  return chance.once(3) ? at : Math.min(pieces.length - 1, at | 1);
}

/** Index behind the piece that closes the element which opens at `at`. */
function elementEnd(pieces: readonly string[], at: number): number {
  const name = /^<([\w:.-]+)(?=[\s>])(?!.*\/>$)/s.exec(pieces[at] ?? "")?.[1];
  if (name === undefined) return at + 1;
  const end = pieces.indexOf(`</${name}>`, at);
  return end < 0 || end - at > 400 ? at + 1 : end + 1;
}

/** An attribute's value becomes that of another, so that references lead elsewhere; or it goes. */
function otherAttribute(pieces: string[], at: number, { chance }: Tools): void {
  const attribute = /([\w:.-]+)="([^"]*)"/g;
  const mine = [...(pieces[at] ?? "").matchAll(attribute)];
  const others = [...(anyOf(pieces, chance) ?? "").matchAll(attribute)];
  const [whole = "", name = ""] = anyOf(mine, chance) ?? [];
  const value = chance.pick([
    anyOf(others, chance)?.[2] ?? "",
    anyOf(others, chance)?.[2] ?? "",
    "",
    "9".repeat(30),
    "&#1;",
  ]);
  pieces[at] = (pieces[at] ?? "").replace(whole, chance.once(6) ? "" : `${name}="${value}"`);
}
