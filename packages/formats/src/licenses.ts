import parse from "spdx-expression-parse";

/** A licence text as SBOM formats tell licences apart. */
export type LicenseText =
  | { readonly kind: "id"; readonly text: string }
  | { readonly kind: "expression"; readonly text: string }
  | { readonly kind: "name"; readonly text: string };

/** Longer texts are no expression anyone wrote; also bounds the parser's depth. */
const longestExpression = 1000;

/** Reads a licence as found: an id of the SPDX list, an SPDX expression (SPDX 2.3 annex D), or any other words. */
export function licenseText(text: string): LicenseText {
  const trimmed = text.trim();
  if (trimmed.length > longestExpression || !/^[A-Za-z0-9.+() :-]+$/.test(trimmed)) return { kind: "name", text };
  try {
    const info = parse(trimmed);
    const isId = "license" in info && info.license === trimmed && !/^(LicenseRef|DocumentRef)-/.test(trimmed);
    return { kind: isId ? "id" : "expression", text: trimmed };
  } catch {
    return { kind: "name", text }; // the parser's only way to say that it is none
  }
}
