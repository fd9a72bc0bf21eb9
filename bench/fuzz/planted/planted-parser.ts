/** A parser with a crash behind four bytes that must be met one after another. */
export function parsePlanted(input: Uint8Array): number {
  if (input[0] !== 0x7b) return 0;
  if (input[1] !== 0x9c) return 1;
  if (input[2] !== 0x31) return 2;
  if (input[3] !== 0xe4) return 3;
  throw new TypeError("planted");
}
