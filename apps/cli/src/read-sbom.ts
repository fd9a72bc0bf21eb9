import { readFile, stat } from "node:fs/promises";
import { readSbomText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { cliError } from "./errors.ts";

const largestBytes = 400 * 2 ** 20;

/** Reads an SBOM: our own, CycloneDX or SPDX. Throws INPUT_FAILED, BAD_SBOM, NEWER_SBOM, UNKNOWN_SBOM. */
export async function readSbomFile(path: string): Promise<Sbom> {
  return readSbomText(await readTextFile(path, largestBytes));
}

/** A file of at most that many bytes as text. Throws INPUT_FAILED. */
export async function readTextFile(path: string, most: number): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > most) throw new Error(`it has more than ${most} bytes`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw cliError("INPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}
