import type { Limits } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { CatalogFile, Facts } from "../cataloger.ts";
import { decodeText } from "../decode-text.ts";
import { ZipDamage } from "../zip-damage.ts";
import { openZip } from "../zip-file.ts";
import { parseMetadata } from "./parse-metadata.ts";

/** Bytes of an egg's metadata that are believed; real ones hold a README of some kB. */
const mostMetadata = 4 * 2 ** 20;

/** The distribution a zipped egg holds (setuptools, "The Internal Structure of Python Eggs"): EGG-INFO/PKG-INFO inside. */
export function readEgg({ path, bytes }: CatalogFile, limits: Limits): Facts {
  try {
    const zip = openZip(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), limits.archiveEntries);
    const entry = zip.entries.find(({ name }) => name === "EGG-INFO/PKG-INFO");
    if (entry !== undefined) return parseMetadata(decodeText(zip.read(entry, mostMetadata)), path);
    return zip.damage === null ? {} : { problems: [unreadable(zip.damage)] };
  } catch (cause) {
    if (!(cause instanceof ZipDamage)) throw cause;
    return { problems: [unreadable(cause.message)] };
  }
}

function unreadable(reason: string): Problem {
  const next = "install the distribution again";
  return { level: "incomplete", code: "archive-unreadable", message: `Python egg not read: ${reason}`, next };
}
