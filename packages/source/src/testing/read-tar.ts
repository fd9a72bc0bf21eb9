import { defaultLimits, type Limits } from "@plimsoll/kit";
import { TarReader } from "../tar/tar-reader.ts";
import { type Recorder, type RecorderWishes, recorder } from "./recorder.ts";

/** How a test reads a tar: in chunks of how many bytes, within which limits, and what it wishes for. */
export type Reading = RecorderWishes & { readonly limits?: Partial<Limits>; readonly chunk?: number };

/** Reads a whole tar, at one go unless told otherwise, and gives what was seen. Throws as the reader does. */
export function readTar(tar: Buffer, { limits, chunk = tar.length || 1, ...wishes }: Reading = {}): Recorder {
  const visitor = recorder(wishes);
  const reader = new TarReader(visitor, { limits: { ...defaultLimits, ...limits } });
  const scratch = Buffer.alloc(chunk);
  for (let at = 0; at < tar.length; at += chunk) {
    // The same memory every time: the reader must not keep views of it.
    const length = tar.copy(scratch, 0, at, at + chunk);
    reader.push(scratch.subarray(0, length));
  }
  reader.finish();
  return visitor;
}

/** The paths of all entries, in their order. */
export function pathsOf(seen: Recorder): string[] {
  return seen.entries.map((entry) => entry.path);
}
