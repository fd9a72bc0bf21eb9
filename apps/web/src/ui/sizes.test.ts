import { expect, it } from "vitest";
import { sizeText } from "./sizes.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1234, "1.2 kB"],
  [999_600, "1.0 MB"],
  [214_000_000, "214 MB"],
  [3.46e9, "3.5 GB"],
  [null, "unknown"],
])("%s bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
