import { expect, it } from "vitest";
import { jobSubject } from "./job-words.ts";

it.each([
  ["scan-image", 'r.example/app:1 linux/amd64 registry r.example/app:1 {"a":"b c"}', "r.example/app:1"],
  ["verdict-expiry", "schedule", "schedule"],
  ["rematch", "2026 11", "2026 11"],
])("a job %s kept by %s is about %s", (name, key, subject) => {
  expect(jobSubject({ name, key, summary: null })).toBe(subject);
});
