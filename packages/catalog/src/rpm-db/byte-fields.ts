/** Unsigned integers of a byte range, in one byte order. Reading past the end throws `RangeError`: check lengths first. */
export interface ByteFields {
  readonly bytes: Uint8Array;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
}

/** Looks at bytes without copying them. */
export function byteFields(bytes: Uint8Array, order: "big" | "little"): ByteFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === "little";
  return {
    bytes,
    u8: (at) => view.getUint8(at),
    u16: (at) => view.getUint16(at, little),
    u32: (at) => view.getUint32(at, little),
  };
}

/** `length` bytes from `start`; `null` when they are not all there. */
export function sliceOf(bytes: Uint8Array, start: number, length: number): Uint8Array | null {
  return start < 0 || length < 0 || start + length > bytes.length ? null : bytes.subarray(start, start + length);
}
