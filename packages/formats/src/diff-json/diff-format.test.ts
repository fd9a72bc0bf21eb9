import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sharedDifferences } from "../../test/differences.ts";
import { diffJson } from "./diff-format.ts";

const options = {
  scanner: { name: "plimsoll", version: "0.1.0" },
  text: { columns: 110, colors: false, everyRow: false },
};

describe("diff-json", () => {
  it.each(sharedDifferences)("writes %s as its golden file", (name, difference) => {
    const text = diffJson.write(difference, options);
    expect(diffJson.write(difference, options)).toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
    golden(join(import.meta.dirname, "testdata", `${name}.json`), text);
  });
});
