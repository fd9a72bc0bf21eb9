import { createHash } from "node:crypto";
import { licenseText } from "../licenses.ts";

/** A licence that is not on the SPDX list, with its words (SPDX 2.3 clause 10). */
export interface ExtractedLicense {
  readonly licenseId: string;
  readonly extractedText: string;
  readonly name: string;
}

/** All licences of a package as one expression; `NOASSERTION` when none is known. */
export function licenseExpression(texts: readonly string[]): {
  readonly expression: string;
  readonly extracted: readonly ExtractedLicense[];
} {
  const licenses = texts.filter((text) => text.trim() !== "").map(licenseText);
  const extracted = licenses.filter(({ kind }) => kind === "name").map(({ text }) => extract(text));
  const parts = licenses.map(({ kind, text }) => {
    if (kind === "name") return extract(text).licenseId;
    return kind === "expression" && licenses.length > 1 && text.includes(" ") ? `(${text})` : text;
  });
  return { expression: parts.length === 0 ? "NOASSERTION" : parts.join(" AND "), extracted };
}

function extract(text: string): ExtractedLicense {
  const words = text.toWellFormed();
  const readable = words
    .replace(/[^A-Za-z0-9.]+/g, "-")
    .slice(0, 40)
    .replace(/^-|-$/g, "");
  const hash = createHash("sha256").update(words).digest("hex").slice(0, 8);
  return { licenseId: `LicenseRef-${readable === "" ? "" : `${readable}-`}${hash}`, extractedText: words, name: words };
}
