import type { Limits } from "@plimsoll/kit";
import type { Entry } from "../entry.ts";
import { TarReader } from "../tar/tar-reader.ts";
import { archiveLimits, archiveVisitor, entryCounter } from "./archive-entries.ts";

/** One entry of an archive that is read as it streams by. */
export interface TarMember {
  readonly entry: Entry;
  /** The data of a file; each piece is good until the next is asked for. What is not drawn is passed over. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Bytes read behind the end mark, which writers pad; who sends more sends for ever. */
const mostPadding = 16 * 2 ** 20;

type Event = { readonly entry: Entry } | { readonly piece: Buffer } | "end";

/** The entries of an uncompressed tar in archive order, bodies streaming. Throws TAR_CORRUPT, TAR_TRUNCATED, ARCHIVE_TOO_LARGE, LAYER_TOO_LARGE (`limits.imageBytes` in all). */
export async function* tarMembers(
  stream: AsyncIterable<Uint8Array>,
  { limits, label }: { readonly limits: Limits; readonly label: string },
): AsyncGenerator<TarMember, void, undefined> {
  const events: Event[] = [];
  const count = entryCounter(label);
  const reader = new TarReader(
    {
      ...archiveVisitor(label),
      pieces: (entry) => {
        count();
        events.push({ entry });
        return (piece) => void events.push(piece === null ? "end" : { piece });
      },
      entry: (entry) => {
        count();
        events.push({ entry }, "end");
        return "ignore";
      },
    },
    { limits: archiveLimits(limits, limits.imageBytes), label },
  );
  const chunks = stream[Symbol.asyncIterator]();
  const read = pushTo(reader, chunks);
  const next = async (): Promise<Event | null> => {
    let event = events.shift();
    while (event === undefined && (await read())) event = events.shift();
    return event ?? events.shift() ?? null;
  };
  try {
    for (let event = await next(); event !== null; event = await next()) {
      if (event !== "end" && "entry" in event) yield { entry: event.entry, pieces: piecesOf(next) };
    }
  } finally {
    await chunks.return?.();
  }
}

/** Pushes the next chunk, and says whether there may be more. */
function pushTo(reader: TarReader, chunks: AsyncIterator<Uint8Array>): () => Promise<boolean> {
  let behind = 0;
  let isOpen = true;
  return async () => {
    if (!isOpen) return false;
    const { done, value } = await chunks.next();
    if (done !== true) {
      reader.push(value);
      behind += reader.isAtEnd ? value.length : 0;
    }
    isOpen = done !== true && behind <= mostPadding;
    if (!isOpen) reader.finish();
    return isOpen;
  };
}

async function* piecesOf(next: () => Promise<Event | null>): AsyncGenerator<Uint8Array, void, undefined> {
  for (let event = await next(); event !== null && event !== "end"; event = await next()) {
    if ("piece" in event) yield event.piece;
  }
}
