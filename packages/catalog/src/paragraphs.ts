import { linesOf } from "./decode-text.ts";

/** One paragraph of a control file: the wanted fields it has. */
export type Paragraph<F extends string> = { readonly [K in F]?: string };

/**
 * Paragraphs of RFC 822-like text (Debian control files, Python metadata headers): `Field: value` lines, names without
 * regard to case, blank lines between paragraphs. Continuation lines are skipped; of repeated fields the first stands.
 * Only `wanted` fields (lower case) are kept; paragraphs with none of any field are not given.
 */
export function* paragraphsOf<F extends string>(text: string, wanted: readonly F[]): Generator<Paragraph<F>> {
  let found: { [K in F]?: string } = {};
  let isEmpty = true;
  for (const line of linesOf(text)) {
    if (isBlank(line)) {
      if (!isEmpty) yield found;
      found = {};
      isEmpty = true;
      continue;
    }
    isEmpty = false;
    const first = line.charCodeAt(0);
    if (first === 32 || first === 9) continue;
    const field = wantedField(line, wanted);
    if (field !== undefined) found[field] ??= line.slice(field.length + 1).trim();
  }
  if (!isEmpty) yield found;
}

function isBlank(line: string): boolean {
  return line === "" || (line.charCodeAt(0) <= 32 && line.trim() === "");
}

function wantedField<F extends string>(line: string, wanted: readonly F[]): F | undefined {
  return wanted.find(
    (field) => line.charAt(field.length) === ":" && line.slice(0, field.length).toLowerCase() === field,
  );
}

/** The first paragraph only; empty when there is none. */
export function firstParagraph<F extends string>(text: string, wanted: readonly F[]): Paragraph<F> {
  for (const paragraph of paragraphsOf(text, wanted)) return paragraph;
  return {};
}
