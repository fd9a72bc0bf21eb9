/** What a pax extended header says of the entry behind it, as far as reading needs it. */
export interface PaxRecords {
  readonly path?: string;
  readonly linkPath?: string;
  readonly size?: number;
  /** There when the data is not the file's bytes but those between its holes. */
  readonly sparse?: SparseRecords;
}

export interface SparseRecords {
  readonly name?: string;
  /** Of the file with its holes, bytes. */
  readonly size?: number;
}

/**
 * Reads the records `<length> <key>=<value>\n` (POSIX pax, "pax Header Block"). A later record of a key wins; where the
 * last one is empty, container engines keep the header's own value. A string says what is wrong.
 */
export function readPax(bytes: Buffer): PaxRecords | string {
  const said = recordsIn(bytes);
  if (typeof said === "string") return said;
  const size = said.get("size") ?? "";
  if (size !== "" && decimal(size) === null) return "unreadable pax size";
  return {
    ...filled("path", said.get("path")),
    ...filled("linkPath", said.get("linkpath")),
    ...(size !== "" && { size: decimal(size) ?? 0 }),
    ...(isSparse(said) && { sparse: sparseOf(said) }),
  };
}

/** Key → last value, of those keys that are read. */
function recordsIn(bytes: Buffer): ReadonlyMap<string, string> | string {
  const said = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const end = recordEnd(bytes, at);
    if (end === null) return "unreadable pax record";
    const record = bytes.toString("utf8", bytes.indexOf(32, at) + 1, end - 1);
    const equals = record.indexOf("=");
    if (equals <= 0) return "pax record without a key";
    const key = record.slice(0, equals);
    if (isRead.test(key)) said.set(key, record.slice(equals + 1));
    at = end;
  }
  return said;
}

const isRead = /^(?:path|linkpath|size|GNU\.sparse\.(?:major|minor|map|offset|name|size|realsize))$/;

/** The versions of sparse files that container engines know; of any other they take the data as it lies there. */
function isSparse(said: ReadonlyMap<string, string>): boolean {
  const [major = "", minor = ""] = [said.get("GNU.sparse.major"), said.get("GNU.sparse.minor")];
  if (major !== "" || minor !== "") return /^(?:0\.[01]|1\.0)$/.test(`${major}.${minor}`);
  return (said.get("GNU.sparse.map") ?? "") !== "" || said.has("GNU.sparse.offset");
}

function sparseOf(said: ReadonlyMap<string, string>): SparseRecords {
  const size = said.get("GNU.sparse.size") || said.get("GNU.sparse.realsize") || "";
  return { ...filled("name", said.get("GNU.sparse.name")), ...(size !== "" && { size: decimal(size) ?? 0 }) };
}

function filled<K extends string>(key: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined || value === "" ? {} : ({ [key]: value } as { [key in K]: string });
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

function decimal(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
