import { readFile, stat } from "node:fs/promises";
import { sbomFormats } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { cliError } from "./errors.ts";

const largestBytes = 400 * 2 ** 20;

/** Reads an SBOM written by `plimsoll sbom --output plimsoll-json`. Throws INPUT_FAILED, BAD_SBOM, NEWER_SBOM. */
export async function readSbomFile(path: string): Promise<Sbom> {
  const text = await readText(path);
  const [readable] = sbomFormats.flatMap((format) => ("read" in format ? [format] : []));
  if (readable === undefined) throw new TypeError("some format can be read");
  return readable.read(text);
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > largestBytes) throw new Error(`it has more than ${largestBytes} bytes`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw cliError("INPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}
