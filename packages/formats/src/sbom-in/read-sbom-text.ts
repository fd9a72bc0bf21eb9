import { messageOf, PlimsollError } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { formatError } from "../errors.ts";
import { sbomOfJson } from "../plimsoll-json/read-sbom.ts";
import { readCyclonedx } from "./cyclonedx.ts";
import { type ForeignSbom, foreignLimits } from "./foreign.ts";
import { member, text } from "./loose.ts";
import { readSpdx } from "./spdx.ts";
import { toSbom } from "./to-sbom.ts";

/**
 * Reads an SBOM of any kind we know, by its content: our own, CycloneDX JSON or XML, SPDX 2.2 or 2.3 JSON, also inside
 * an in-toto statement. What it does not say is a Problem of the SBOM. Throws BAD_SBOM, NEWER_SBOM, UNKNOWN_SBOM.
 */
export async function readSbomText(document: string): Promise<Sbom> {
  if (document.length > foreignLimits.characters) throw unknown("it is too large");
  const start = document
    .slice(0, 1000)
    .replace(/^\ufeff/, "")
    .trimStart();
  if (start.startsWith("<")) return toSbom(await readXml(document));
  const root = unwrap(parseJson(document));
  if (text(member(root, "bomFormat")) === "CycloneDX") return toSbom(readCyclonedx(root));
  if (text(member(root, "spdxVersion")).startsWith("SPDX-2.")) return toSbom(readSpdx(root));
  if (member(root, "schemaVersion") !== undefined && member(root, "catalogers") !== undefined) return sbomOfJson(root);
  throw unknown(kindOf(root));
}

/** The XML reader is loaded only for XML. */
async function readXml(document: string): Promise<ForeignSbom> {
  const { cyclonedxTree } = await import("./cyclonedx-xml.ts");
  try {
    return readCyclonedx(cyclonedxTree(document));
  } catch (cause) {
    throw cause instanceof PlimsollError ? cause : unknown(messageOf(cause), cause);
  }
}

function parseJson(document: string): unknown {
  try {
    return JSON.parse(document.replace(/^\ufeff/, "")) as unknown;
  } catch (cause) {
    throw unknown("it is neither JSON nor XML", cause);
  }
}

/** An in-toto statement carries the document as its predicate, sometimes below `Data`, sometimes as text of its own. */
function unwrap(root: unknown): unknown {
  const predicate = member(root, "predicate");
  if (predicate === undefined) return root;
  const data = member(predicate, "Data") ?? predicate;
  return typeof data === "string" ? parseJson(data) : data;
}

/** Says what it seems to be, where that helps. */
function kindOf(root: unknown): string {
  if (member(root, "artifacts") !== undefined && member(root, "descriptor") !== undefined) {
    return "it is Syft's own format: write it with --output cyclonedx-json";
  }
  if (member(root, "@context") !== undefined) return "it seems to be SPDX 3";
  if (text(member(root, "spdxVersion")) !== "") return "only SPDX 2 is read";
  return "its kind is not known";
}

function unknown(why: string, cause?: unknown): PlimsollError {
  return formatError("UNKNOWN_SBOM", { fields: { why }, ...(cause !== undefined && { cause }) });
}
