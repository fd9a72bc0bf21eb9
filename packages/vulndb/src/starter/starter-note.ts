/** What lies beside the packed starter database, for people (NOTICE) and for unpacking. */
export interface StarterNote {
  readonly revision: string;
  /** RFC 3339. */
  readonly builtAt: string;
  /** Size and digest of the unpacked file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly feeds: readonly StarterFeed[];
}

export interface StarterFeed {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  /** YYYY-MM-DD of the data. */
  readonly date: string;
  readonly records: number;
}

export const noteFile = "starter.json";
export const packedFile = "vulndb.sqlite.zst";

/** Reads {@link StarterNote}; throws a TypeError for anything else. */
export function readNote(text: string): StarterNote {
  const note = parsed(text);
  if (!isNote(note)) throw new TypeError(`${noteFile} is not a note about a starter database`);
  return note;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isNote(value: unknown): value is StarterNote {
  if (typeof value !== "object" || value === null) return false;
  const { revision, builtAt, bytes, sha256, feeds } = value as Partial<Record<keyof StarterNote, unknown>>;
  const texts = typeof revision === "string" && /^\d{14,20}$/.test(revision) && typeof builtAt === "string";
  return texts && Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(String(sha256)) && Array.isArray(feeds);
}
