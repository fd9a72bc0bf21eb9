/** What a pax extended header says of the entry behind it, as far as reading needs it. */
export interface PaxRecords {
  readonly path?: string;
  readonly linkPath?: string;
  readonly size?: number;
  /** Some `GNU.sparse.*` record: the data is not the file's bytes. */
  readonly sparse: boolean;
  /** `GNU.sparse.realsize` or `GNU.sparse.size`. */
  readonly sparseSize?: number;
}

type Draft = { -readonly [K in keyof PaxRecords]: PaxRecords[K] };

/**
 * Reads the records `<length> <key>=<value>\n` (POSIX pax, "pax Header Block"). A later record of a key wins; an empty
 * value withdraws nothing (container engines keep the header's own value then). A string says what is wrong.
 */
export function readPax(bytes: Buffer): PaxRecords | string {
  const records: Draft = { sparse: false };
  for (let at = 0; at < bytes.length; ) {
    const end = recordEnd(bytes, at);
    if (end === null) return "unreadable pax record";
    const wrong = takeRecord(records, bytes.toString("utf8", bytes.indexOf(32, at) + 1, end - 1));
    if (wrong !== null) return wrong;
    at = end;
  }
  return records;
}

/** End of the record that starts at `at`; `null` when its length is not a number or does not end at a line feed. */
function recordEnd(bytes: Buffer, at: number): number | null {
  let length = 0;
  let index = at;
  for (; index < at + 8; index++) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
  }
  const end = at + length;
  const holds = index > at && bytes[index] === 32 && end > index + 1 && end <= bytes.length && bytes[end - 1] === 10;
  return holds ? end : null;
}

function takeRecord(records: Draft, record: string): string | null {
  const equals = record.indexOf("=");
  if (equals <= 0) return "pax record without a key";
  const key = record.slice(0, equals);
  const value = record.slice(equals + 1);
  if (key.startsWith("GNU.sparse.")) return takeSparse(records, key, value);
  if (value === "") return null;
  if (key === "path") records.path = value;
  if (key === "linkpath") records.linkPath = value;
  if (key !== "size") return null;
  const size = decimal(value);
  if (size === null) return "unreadable pax size";
  records.size = size;
  return null;
}

function takeSparse(records: Draft, key: string, value: string): null {
  records.sparse = true;
  if (key === "GNU.sparse.name" && value !== "") records.path = value;
  if (key === "GNU.sparse.realsize" || key === "GNU.sparse.size") records.sparseSize = decimal(value) ?? 0;
  return null;
}

function decimal(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
