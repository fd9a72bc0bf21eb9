import { LayoutFault } from "./page-file.ts";

/** A number read, and where the next thing starts. */
export interface Read {
  readonly value: number;
  readonly next: number;
}

/** SQLite's variable-length integer (file format, section 1.6) as far as a number is exact. */
export function readVarint(bytes: Uint8Array, at: number): Read {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new LayoutFault("a number ends early");
    value = value * 128 + (byte & 0x7f);
    if (byte < 128) return { value: exact(value), next: at + index + 1 };
  }
  throw new LayoutFault("a number of nine bytes");
}

/** The bytes of a non-negative number as SQLite writes it. */
export function varintOf(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) + 128);
  return bytes;
}

/** Length of {@link varintOf}. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) length++;
  return length;
}

function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new LayoutFault("a number too large");
  return value;
}
