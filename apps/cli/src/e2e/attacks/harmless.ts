import { expect } from "vitest";

const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Nothing but lines, tabs and printable characters: no escape sequence, no change of the reading direction. */
export function expectHarmless(text: string): void {
  expect(raw.exec(text.replaceAll(/\r?\n|\t/g, ""))).toBeNull();
}
