import { digestOf } from "@plimsoll/model";
import type { Pool } from "pg";
import { platformError } from "../../errors.ts";
import { fault } from "../../fault.ts";

/** One sender's upload of one content. */
export interface UploadKey {
  /** 64 hex digits: SHA-256 of the whole. */
  readonly sha256: string;
  /** Actor id. */
  readonly owner: string;
}

/** Most bytes of one upload: an SBOM of 100,000 packages, compressed, has a tenth of them. */
export const largestUpload = 64 * 2 ** 20;

/** Bytes received so far; 0 for an upload that nobody began. */
export async function uploadedBytes(pool: Pool, { sha256, owner }: UploadKey): Promise<number> {
  const { rows } = await pool.query<{ received: number }>(
    "select received from upload where sha256 = decode($1, 'hex') and owner = $2",
    [sha256, owner],
  );
  return rows[0]?.received ?? 0;
}

/**
 * Adds a piece that begins at byte `offset`; the same piece again adds nothing, but a first one says that somebody else of
 * this sender's wants the whole too ({@link dropUpload}). Throws UPLOAD_GAP (the sender looks
 * how far it came and goes on there), UPLOAD_TOO_LARGE. Returns the bytes received so far.
 */
export async function addPiece(
  pool: Pool,
  key: UploadKey,
  piece: { readonly offset: number; readonly bytes: Uint8Array; readonly now: number },
): Promise<number> {
  const end = piece.offset + piece.bytes.length;
  if (end > largestUpload) throw platformError("UPLOAD_TOO_LARGE", { fields: { limit: largestUpload } });
  if (piece.offset === 0 && (await isBegun(pool, key, piece))) {
    FAULT: fault("upload.piece");
    return end;
  }
  const { rows } = await pool.query<{ received: number }>(
    `with mine as (
       insert into upload (sha256, owner, received, started_at) values (decode($1, 'hex'), $2, 0, $5)
       on conflict (sha256, owner) do update
         set wanted = upload.wanted + case when $3 = 0 and upload.received > 0 then 1 else 0 end
       returning received
     ), piece as (
       insert into upload_piece (sha256, owner, position, bytes)
       select decode($1, 'hex'), $2, $3, $4 from mine where received = $3
       on conflict do nothing returning position
     )
     select case when exists (select from piece) then $6::bigint else received end as received from mine`,
    [key.sha256, key.owner, piece.offset, piece.bytes, new Date(piece.now).toISOString(), end],
  );
  const received = rows[0]?.received ?? 0;
  if (received < end) throw platformError("UPLOAD_GAP", { fields: { received } });
  FAULT: fault("upload.piece");
  await pool.query(
    "update upload set received = greatest(received, $3) where sha256 = decode($1, 'hex') and owner = $2",
    [key.sha256, key.owner, end],
  );
  return received;
}

/** Takes the first piece of an upload that nobody else has begun: most are no longer. */
async function isBegun(
  pool: Pool,
  { sha256, owner }: UploadKey,
  { bytes, now }: { readonly bytes: Uint8Array; readonly now: number },
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "begin-upload",
    text: `with mine as (
       insert into upload (sha256, owner, received, started_at) values (decode($1, 'hex'), $2, $3, $5)
       on conflict do nothing returning sha256
     )
     insert into upload_piece (sha256, owner, position, bytes) select sha256, $2, 0, $4 from mine`,
    values: [sha256, owner, bytes.length, bytes, new Date(now).toISOString()],
  });
  return rowCount === 1;
}

/** The whole of a finished upload. Throws NOT_FOUND for one that nobody sent, UPLOAD_DAMAGED when it is not what its name says. */
export async function takeUpload(pool: Pool, { sha256, owner }: UploadKey): Promise<Uint8Array> {
  const { rows } = await pool.query<{ bytes: Buffer }>({
    name: "take-upload",
    text: "select bytes from upload_piece where sha256 = decode($1, 'hex') and owner = $2 order by position",
    values: [sha256, owner],
  });
  if (rows.length === 0) throw platformError("NOT_FOUND", { fields: { what: "upload" } });
  const whole = Buffer.concat(rows.map(({ bytes }) => bytes));
  if (digestOf(whole) === `sha256:${sha256}`) return whole;
  await pool.query("delete from upload where sha256 = decode($1, 'hex') and owner = $2", [sha256, owner]);
  throw platformError("UPLOAD_DAMAGED", { fields: { sha256 } });
}

/** Lets go of an upload; it goes with the last who sent its beginning, or by age. */
export async function dropUpload(pool: Pool, { sha256, owner }: UploadKey): Promise<void> {
  await pool.query({
    name: "drop-upload",
    text: `with left_over as (
       update upload set wanted = wanted - 1 where sha256 = decode($1, 'hex') and owner = $2 and wanted > 1 returning wanted
     )
     delete from upload where sha256 = decode($1, 'hex') and owner = $2 and wanted <= 1
       and not exists (select from left_over)`,
    values: [sha256, owner],
  });
}
