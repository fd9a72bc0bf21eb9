import { readFile, stat } from "node:fs/promises";
import { readSbomText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import type { Sbom } from "@plimsoll/model";
import { cliError } from "./errors.ts";

const largestBytes = 400 * 2 ** 20;

/** Reads an SBOM: our own, CycloneDX or SPDX. Throws INPUT_FAILED, BAD_SBOM, NEWER_SBOM, UNKNOWN_SBOM. */
export async function readSbomFile(path: string): Promise<Sbom> {
  return readSbomText(await readText(path));
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
