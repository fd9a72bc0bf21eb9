import { anyOf, type Chance } from "./chance.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import type { Mutator } from "./target.ts";

/** Lines, their fields and paragraphs: for text that is read line by line. */
export const mutateLines: Mutator = (input, { chance, other }) => {
  const lines = input.toString("latin1").split("\n");
  const at = chance.below(lines.length);
  const edit = chance.pick(edits);
  edit(lines, at, { chance, other });
  return Buffer.from(lines.join("\n"), "latin1");
};

type Edit = (lines: string[], at: number, tools: { readonly chance: Chance; readonly other: Buffer }) => void;

const edits: readonly [Edit, ...Edit[]] = [
  (lines, at, { chance }) => void lines.splice(at, 1 + chance.below(4)),
  (lines, at, { chance }) => void lines.splice(at, 0, ...lines.slice(at, at + 1 + chance.below(6))),
  (lines, at, { chance }) => void lines.splice(chance.below(lines.length), 0, lines[at] ?? ""),
  (lines, at, { chance, other }) => void lines.splice(at, chance.below(2), ...someOf(other, chance)),
  (lines, at, { chance }) => void lines.splice(at, 0, chance.pick(["", " ", "\t", ".", " .", "#", "---", "\r"])),
  (lines, at, { chance }) => {
    lines[at] = chance.pick([" ", "\t", "- ", "  ", '"', "'", ":", "=", "@"]) + (lines[at] ?? "");
  },
  (lines, at) => void lines.splice(at, 2, `${lines[at] ?? ""}${lines[at + 1] ?? ""}`),
  otherField,
  otherField,
  (lines, at, { chance, other }) => {
    lines[at] = mutateBytes(Buffer.from(lines[at] ?? "", "latin1"), { chance, other }).toString("latin1");
  },
];

function someOf(other: Buffer, chance: Chance): string[] {
  const lines = other.toString("latin1").split("\n");
  const from = chance.below(lines.length);
  return lines.slice(from, from + 1 + chance.below(8));
}

/** One field of a line becomes a field of another line, nothing, or much. */
function otherField(lines: string[], at: number, { chance }: { readonly chance: Chance }): void {
  const parts = (lines[at] ?? "").split(/([\s:=,|;()<>"'[\]]+)/);
  const source = (anyOf(lines, chance) ?? "").split(/[\s:=,|;()<>"'[\]]+/);
  const place = chance.below((parts.length + 1) >> 1) * 2;
  parts[place] = chance.pick([
    anyOf(source, chance) ?? "",
    anyOf(source, chance) ?? "",
    "",
    "x".repeat(2000),
    "-",
    "1:2-3",
  ]);
  lines[at] = parts.join("");
}
