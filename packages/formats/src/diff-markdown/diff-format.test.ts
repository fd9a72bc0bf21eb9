import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sharedDifferences } from "../../test/differences.ts";
import { diffMarkdown } from "./diff-format.ts";

describe("diff-markdown", () => {
  it.each(sharedDifferences)("writes %s as its golden file", (name, difference) => {
    const text = diffMarkdown.write(difference);
    expect(diffMarkdown.write(difference)).toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
    golden(join(import.meta.dirname, "testdata", `${name}.md`), text);
  });
});
