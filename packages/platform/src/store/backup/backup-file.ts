import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import { platformError } from "../../errors.ts";

/**
 * A backup on disk: a line that says what it is, a zstd stream of records, and the SHA-256 of everything before it. A
 * record is one byte for its kind, four for its length (big endian), and its bytes.
 */
export type BackupRecord =
  | { readonly kind: "document"; readonly value: unknown }
  /** Bytes of a table, anywhere cut. */
  | { readonly kind: "rows"; readonly bytes: Buffer };

const magic = Buffer.from("plimsoll backup 1\n");
const digestBytes = 32;
const kinds = { document: 1, rows: 2 } as const;
/** Longest record; rows are cut. */
const longest = 2 ** 20;
const longestDocument = 64 * 2 ** 20;

/** Writes a backup beside its place and puts it there when it is whole. Returns its bytes. Throws BACKUP_FAILED, and what the records throw. */
export async function writeBackupFile(path: string, records: AsyncIterable<BackupRecord>): Promise<number> {
  const part = `${path}.part`;
  let failure: unknown = null;
  const source = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const record of records) yield* framed(record);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    // For nobody else's eyes: hashes of passwords and tokens are in it.
    const target = createWriteStream(part, { fd: openSync(part, "w", 0o600), flush: true });
    await pipeline(Readable.from(source()), createZstdCompress(), sealed, target);
    renameSync(part, path);
    return statSync(path).size;
  } catch (cause) {
    if (existsSync(part)) rmSync(part);
    throw failure ?? platformError("BACKUP_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}

function* framed(record: BackupRecord): Generator<Buffer> {
  if (record.kind === "document") return yield* frame(kinds.document, Buffer.from(JSON.stringify(record.value)));
  for (let at = 0; at < record.bytes.length; at += longest) {
    yield* frame(kinds.rows, record.bytes.subarray(at, at + longest));
  }
}

function* frame(kind: number, bytes: Buffer): Generator<Buffer> {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind);
  head.writeUInt32BE(bytes.length, 1);
  yield head;
  yield bytes;
}

async function* sealed(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256").update(magic);
  yield magic;
  for await (const chunk of compressed) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

/** Reads the whole file once: it is a backup, and every byte is as it was written. Throws BACKUP_UNREADABLE, BACKUP_DAMAGED. */
export async function verifyBackupFile(path: string): Promise<void> {
  const size = sizeOf(path);
  if (size < magic.length + digestBytes) throw damaged(path, "it is too short");
  const hash = createHash("sha256");
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  const bytes: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of bytes) {
    if (head.length < magic.length) head = Buffer.concat([head, chunk]).subarray(0, magic.length);
    const all = Buffer.concat([tail, chunk]);
    const cut = Math.max(0, all.length - digestBytes);
    hash.update(all.subarray(0, cut));
    tail = Buffer.from(all.subarray(cut));
  }
  if (!head.equals(magic)) throw damaged(path, "it does not begin as one of this version does");
  if (!hash.digest().equals(tail)) throw damaged(path, "its checksum is another");
}

/** The records of a verified backup. Throws BACKUP_DAMAGED. */
export async function* backupRecords(path: string): AsyncGenerator<BackupRecord> {
  const file = createReadStream(path, { start: magic.length, end: sizeOf(path) - digestBytes - 1 });
  const unpacked = file.pipe(createZstdDecompress());
  file.on("error", (error) => unpacked.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of unpacked) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let record = recordAt(rest); record !== null; record = recordAt(rest)) {
        rest = rest.subarray(record.end);
        yield record.read();
      }
    }
  } catch (cause) {
    throw cause instanceof PlimsollError ? cause : damaged(path, messageOf(cause), cause);
  }
  if (rest.length > 0) throw damaged(path, "its last record is cut off");
}

function recordAt(bytes: Buffer) {
  if (bytes.length < 5) return null;
  const kind = bytes.readUInt8(0);
  const length = bytes.readUInt32BE(1);
  const isDocument = kind === kinds.document;
  if ((!isDocument && kind !== kinds.rows) || length > (isDocument ? longestDocument : longest)) {
    throw new Error("a record of it cannot be");
  }
  const end = 5 + length;
  if (bytes.length < end) return null;
  const read = (): BackupRecord => {
    const body = bytes.subarray(5, end);
    return isDocument ? { kind: "document", value: JSON.parse(body.toString()) } : { kind: "rows", bytes: body };
  };
  return { end, read };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (cause) {
    throw platformError("BACKUP_UNREADABLE", { fields: { path, why: messageOf(cause) }, cause });
  }
}

function damaged(path: string, why: string, cause?: unknown): PlimsollError {
  return platformError("BACKUP_DAMAGED", { fields: { path, why }, cause });
}
