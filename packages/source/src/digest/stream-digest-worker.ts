import { createHash, type Hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import type { Piece, Taken } from "./stream-digests.ts";

// The thread of stream-digests.ts: hashes streams that come to it piece by piece, each under a number of its own.

const hashes = new Map<number, Hash>();

parentPort?.on("message", (piece: Piece) => parentPort?.postMessage(taken(piece)));

function taken({ id, bytes, isLast }: Piece): Taken {
  const hash = hashes.get(id) ?? createHash("sha256");
  hashes.set(id, hash.update(bytes));
  const { length } = bytes;
  // Given back at once: left to the garbage collector, megabytes of them would wait.
  bytes.buffer.transfer(0);
  if (!isLast) return { id, length, digest: null };
  hashes.delete(id);
  return { id, length, digest: `sha256:${hash.digest("hex")}` };
}
