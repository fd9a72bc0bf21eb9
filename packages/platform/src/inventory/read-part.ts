import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { type InventoryContents, inventoryContents } from "@plimsoll/contract";
import { messageOf } from "@plimsoll/kit";
import { z } from "zod";
import { platformError } from "../errors.ts";

/** Most bytes of one part as JSON, and most objects and lists in it: each takes a hundred times its two brackets. */
const largestJson = 16 * 2 ** 20;
const mostObjects = 400_000;

const unzstd = promisify(zstdDecompress);
const ungzip = promisify(gunzip);

/** One part of a snapshot: JSON, as it is or by zstd or gzip. Throws SNAPSHOT_UNREADABLE. */
export async function readPart(part: number, bytes: Uint8Array): Promise<InventoryContents> {
  const json = await plain(bytes).catch((cause: unknown) => {
    throw unreadable(part, messageOf(cause), cause);
  });
  if (json.length > largestJson) throw unreadable(part, `it has more than ${largestJson} bytes`);
  if (countObjects(json) > mostObjects) throw unreadable(part, `it has more than ${mostObjects} objects and lists`);
  const read = inventoryContents.safeParse(parse(part, json));
  if (read.success) return read.data;
  throw unreadable(part, z.prettifyError(new z.ZodError(read.error.issues.slice(0, 5))).slice(0, 2000));
}

async function plain(bytes: Uint8Array): Promise<Uint8Array> {
  const head = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  if (head === "28b52ffd") return unzstd(bytes, { maxOutputLength: largestJson });
  if (head.startsWith("1f8b")) return ungzip(bytes, { maxOutputLength: largestJson });
  return bytes;
}

/** Opening brackets, those in texts too. */
function countObjects(json: Uint8Array): number {
  let count = 0;
  for (const byte of json) if (byte === 0x7b || byte === 0x5b) count++;
  return count;
}

function parse(part: number, json: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(json).toString("utf8"));
  } catch (cause) {
    throw unreadable(part, "it is no JSON", cause);
  }
}

function unreadable(part: number, why: string, cause?: unknown) {
  return platformError("SNAPSHOT_UNREADABLE", { fields: { part, why }, cause });
}
