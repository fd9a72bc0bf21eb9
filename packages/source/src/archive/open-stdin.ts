import { stat } from "node:fs/promises";
import type { Limits } from "@plimsoll/kit";
import type { ImageRead, OpenedImage, ReadOptions } from "../entry.ts";
import { sourceError } from "../errors.ts";
import type { PlatformWish } from "../image/choose-manifest.ts";
import { type ArchiveKind, openArchive, planArchive } from "./open-archive.ts";
import { openStreamed } from "./streamed-image.ts";

/** What a program is given on its standard input. */
export interface StandardInput {
  /** A path under which it can be opened, where the system has one (`/dev/stdin`). */
  readonly path: string;
  readonly isTerminal: boolean;
  /** Its bytes; asked once. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

export interface OpenStdinOptions {
  readonly kind: ArchiveKind;
  readonly stdin: StandardInput | null;
  readonly wish: PlatformWish;
  readonly limits: Limits;
}

const transports = { "docker-archive": "docker-archive", oci: "oci-layout", any: "file" } as const;

/** How users write standard input, with `:TAG` behind it when the archive holds several images; `null`: something else. */
export function stdinSelection(name: string): { readonly selection: string | null } | null {
  const match = /^(?:-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)(?::(.+))?$/.exec(name);
  return match === null ? null : { selection: match[1] ?? null };
}

/**
 * Opens an image archive on standard input: a file is read like any other, what comes through a pipe as it streams by,
 * in one pass. Throws STDIN_EMPTY and what {@link openArchive} throws.
 */
export async function openStdin(selection: string | null, options: OpenStdinOptions): Promise<OpenedImage> {
  const { stdin, limits, kind } = options;
  if (stdin === null || stdin.isTerminal) {
    throw sourceError("STDIN_EMPTY", { fields: { reason: "it is a terminal" } });
  }
  const isFile = await stat(stdin.path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  // A file in hand has a size and can be read at any place.
  if (isFile) return openArchive(selection === null ? stdin.path : `${stdin.path}:${selection}`, options);
  return once(
    openStreamed({
      source: { kind: "image", transport: transports[kind], name: "-" },
      open: () => someBytes(stdin.bytes()),
      size: null,
      plan: planArchive(options, selection),
      limits,
      close: async () => undefined,
    }),
  );
}

async function* someBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isEmpty = true;
  for await (const chunk of stream) {
    isEmpty = false;
    yield chunk;
  }
  if (isEmpty) throw sourceError("STDIN_EMPTY", { fields: { reason: "it ended at once" } });
}

/** A pipe gives its bytes once: a second pass shows nothing more, and who wanted it says what it did not see. */
function once(image: OpenedImage): OpenedImage {
  let first: ImageRead | null = null;
  return {
    ...image,
    async readLayers(start: Parameters<OpenedImage["readLayers"]>[0], options?: ReadOptions) {
      first ??= await image.readLayers(start, options);
      return first;
    },
  };
}
