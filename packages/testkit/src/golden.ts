import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";

/**
 * Asserts that `text` equals the golden file at `path` (absolute). `UPDATE_GOLDEN=1` writes the file instead; in CI
 * that is refused, so that a golden file is always looked at by a person.
 */
export function golden(path: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === "1" && process.env.CI !== "true") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1 and read what it wrote`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}
