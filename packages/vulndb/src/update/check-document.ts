import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf } from "@plimsoll/kit";
import { decompressed } from "@plimsoll/source";
import type { Feed } from "../feed.ts";

const headBytes = 65_536;
/** Uncompressed bytes of one feed document; the largest real one (OSV, all of npm) has 1 GB. */
const longestDocument = 8 * 2 ** 30;

/**
 * Why a downloaded file is not the document it should be, one line; `null` when it is. Archives are checked for being
 * whole (the zip's directory, the gzip checksum), documents for being what their feed understands: a login page, an
 * error document or another schema never replaces good data.
 */
export async function faultOfDocument(feed: Feed, path: string, file: string): Promise<string | null> {
  try {
    if (/\.zip$/.test(file)) return await faultOfZip(path);
    if (/\.bz2$/.test(file)) return await faultOfBzip2(path);
    const compressed = /\.(gz|tgz|zst)$/.test(file);
    const head = compressed ? await headOfCompressed(path, file) : await firstBytes(path);
    if (!compressed && (await endsEarly(path, head))) return "the document ends early";
    const isTar = /\.(tar\.\w+|tgz)$/.test(file);
    if (isTar) return head.subarray(257, 262).toString("latin1") === "ustar" ? null : "not a tar archive";
    return feed.recognises({ path: file, head: head.toString("utf8") }) ? null : strangeness(head);
  } catch (thrown) {
    return `cannot be read: ${messageOf(thrown)}`;
  }
}

function strangeness(head: Buffer): string {
  const start = head.subarray(0, 200).toString("utf8").trimStart();
  if (/^<(!doctype|html)/i.test(start)) return "an HTML page came instead of the data";
  return start === "" ? "the answer is empty" : "the data has another schema than this program knows";
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The last `length` bytes. */
async function lastBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, size - length));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** APPNOTE.TXT 4.3.16: the end of central directory record, with at most 65,535 bytes of comment behind it. */
async function faultOfZip(path: string): Promise<string | null> {
  const head = await firstBytes(path);
  if (head.subarray(0, 4).toString("latin1") !== "PK\u0003\u0004") return "not a zip archive, or an empty one";
  const tail = await lastBytes(path, 22 + 65_535);
  return tail.lastIndexOf("PK\u0005\u0006", undefined, "latin1") === -1 ? "the zip archive ends early" : null;
}

/**
 * A bzip2 stream ends with the 48 bits 0x177245385090 and a checksum, at any bit. Unpacking it to look closer would take
 * seconds; a document of another schema shows when it is read.
 */
async function faultOfBzip2(path: string): Promise<string | null> {
  const head = await firstBytes(path);
  if (head.subarray(0, 3).toString("latin1") !== "BZh") return "not a bzip2 file";
  const tail = BigInt(`0x${(await lastBytes(path, 11)).toString("hex")}`);
  const ends = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((padding) => (tail >> (padding + 32n)) & 0xffff_ffff_ffffn);
  return ends.includes(0x1772_4538_5090n) ? null : "the bzip2 file ends early";
}

/** A JSON document ends as it began; other text is not judged. */
async function endsEarly(path: string, head: Buffer): Promise<boolean> {
  const closing = { "{": "}", "[": "]", "<": ">" }[
    head
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .trimStart()
      .charAt(0)
  ];
  if (closing === undefined) return false;
  const tail = await lastBytes(path, 1024);
  return !tail.toString("latin1").trimEnd().endsWith(closing);
}

/** Reads the whole stream, so that its checksum is checked; keeps the first bytes. */
async function headOfCompressed(path: string, file: string): Promise<Buffer> {
  const kept: Buffer[] = [];
  let size = 0;
  const decompress = file.endsWith(".zst") ? decompressed : createGunzip({ chunkSize: 256 * 1024 });
  await pipeline(createReadStream(path), decompress, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      if (size < headBytes) kept.push(chunk.subarray(0, headBytes - size));
      size += chunk.length;
      if (size > longestDocument) throw new RangeError(`more than ${longestDocument} bytes when unpacked`);
    }
  });
  await refuseBomb(path, size);
  return Buffer.concat(kept);
}

/** Feeds are text: the best packed shrinks to a thirtieth. */
const bombRatio = 200;
const bombFloorBytes = 64 * 2 ** 20;

async function refuseBomb(path: string, size: number): Promise<void> {
  if (size < bombFloorBytes) return;
  const file = await open(path, "r");
  const packed = (await file.stat()).size;
  await file.close();
  if (size / packed > bombRatio) throw new RangeError(`${packed} bytes unpack to ${size}`);
}
