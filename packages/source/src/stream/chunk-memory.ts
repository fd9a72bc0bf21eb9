/** Whether nobody can write behind the bytes, because their memory ends with them. */
export function reachesEnd(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  return buffer instanceof ArrayBuffer && length > 0 && byteOffset + length === buffer.byteLength;
}

/**
 * Gives back at once the memory of a chunk that nobody reads any more, decompressed or off the network: left to the
 * garbage collector, a gigabyte of them starts some thirty full collections, a tenth of the time or more. Only of a chunk
 * that reaches to the end of its memory: behind any other somebody may still write.
 */
export function freeChunk(chunk: Uint8Array): void {
  if (reachesEnd(chunk)) chunk.buffer.transfer(0);
}
