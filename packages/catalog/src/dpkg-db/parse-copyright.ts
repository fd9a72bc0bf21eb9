import type { Facts } from "../cataloger.ts";
import { paragraphsOf } from "../paragraphs.ts";

const machineReadable =
  /^Format(?:-Specification)?:\s*<?(?:https?:\/\/\S*(?:copyright-format|dep5|DEP5|dep-5)|http\S*copyright)/im;

/**
 * Licence names of a machine-readable Debian copyright file (copyright-format 1.0, "License" field: first line only),
 * sorted, no repeats. Free-form files say nothing: their licences would be guesses.
 */
export function parseCopyright(text: string, owner: string): Facts {
  if (!machineReadable.test(text.slice(0, 1000))) return {};
  const names = new Set<string>();
  for (const { license } of paragraphsOf(text, ["license"])) {
    // Blanks first: split by \s+ takes the square of their number.
    const plain = (license ?? "").replaceAll(/\s+/g, " ");
    for (const name of plain.split(/,? (?:and|or) |, ?/i)) {
      if (/^[\w.+-]{1,100}(?: with [\w .+-]{1,100})?$/i.test(name)) names.add(name);
    }
  }
  return names.size === 0 ? {} : { licenses: { owner, names: [...names].sort() } };
}
