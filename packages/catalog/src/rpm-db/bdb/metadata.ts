import { byteFields } from "../byte-fields.ts";
import { pageTypes } from "./pages.ts";

/** What the first page of a Berkeley DB file says. */
export interface BdbMetadata {
  readonly kind: "hash" | "btree";
  readonly order: "big" | "little";
  readonly version: number;
  readonly pageSize: number;
  /** Hash: highest bucket, pairs stored, and by how much pages are ahead of buckets, by doubling. Btree: 0, 0, none. */
  readonly maxBucket: number;
  readonly pairs: number;
  readonly spares: readonly number[];
  /** Btree: its first page. */
  readonly root: number;
  /** Why the file cannot be read although it is one; `null` when it can. */
  readonly obstacle: string | null;
}

const magics: Readonly<Record<number, BdbMetadata["kind"]>> = { 398689: "hash", 340322: "btree" };
const metaBytes = 512;
/** Versions whose pages are laid out the same (Berkeley DB 4.0 to 18). */
const knownVersions: readonly number[] = [7, 8, 9, 10];
const spareCount = 32;

/** Reads the first page (dbinc/db_page.h, DBMETA33, HMETA33, BTMETA33); `null` when it is not Berkeley DB's. */
export function bdbMetadata(bytes: Uint8Array): BdbMetadata | null {
  if (bytes.length < metaBytes) return null;
  const order = magics[byteFields(bytes, "little").u32(12)] === undefined ? "big" : "little";
  const { u8, u32 } = byteFields(bytes, order);
  const kind = magics[u32(12)];
  if (kind === undefined) return null;
  const isHash = kind === "hash";
  const pageSize = u32(20);
  return {
    kind,
    order,
    version: u32(16),
    pageSize,
    maxBucket: isHash ? u32(72) : 0,
    pairs: isHash ? u32(88) : 0,
    spares: isHash ? Array.from({ length: spareCount }, (_, index) => u32(96 + index * 4)) : [],
    root: isHash ? 0 : u32(88),
    obstacle: obstacleOf({ version: u32(16), pageSize, kind, type: u8(25), encryption: u8(24), flags: u8(26) }),
  };
}

interface Promises {
  readonly version: number;
  readonly pageSize: number;
  readonly kind: BdbMetadata["kind"];
  readonly type: number;
  readonly encryption: number;
  readonly flags: number;
}

function obstacleOf({ version, pageSize, kind, type, encryption, flags }: Promises): string | null {
  if (!knownVersions.includes(version)) return `Berkeley DB ${kind} version ${version} is not known`;
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return `page size ${pageSize}`;
  if (type !== (kind === "hash" ? pageTypes.hashMeta : pageTypes.btreeMeta)) return "first page of another kind";
  // Checksums and encryption widen page headers; rpm never asked for either. The other flag bits split a database.
  if (encryption !== 0 || flags !== 0) return "encrypted, with checksums or in parts";
  return null;
}
