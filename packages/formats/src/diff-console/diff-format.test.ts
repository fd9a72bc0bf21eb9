import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sharedDifferences, shopUpgrade } from "../../test/differences.ts";
import { diffConsole } from "./diff-format.ts";

const options = {
  scanner: { name: "plimsoll", version: "0.1.0" },
  text: { columns: 110, colors: false, everyRow: false },
};

describe("diff-console", () => {
  it.each(sharedDifferences)("writes %s as its golden file", (name, difference) => {
    const text = diffConsole.write(difference, options);
    expect(diffConsole.write(difference, options)).toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
    golden(join(import.meta.dirname, "testdata", `${name}.txt`), text);
  });

  it("colours only where asked for, and says the same with and without", () => {
    const plain = diffConsole.write(shopUpgrade, options);
    const colored = diffConsole.write(shopUpgrade, { ...options, text: { ...options.text, colors: true } });
    expect(plain).not.toContain("\u001b");
    expect(colored).toContain("\u001b[");
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it.each([40, 60, 80, 200])("fits %i columns", (columns) => {
    const text = diffConsole.write(shopUpgrade, { ...options, text: { ...options.text, columns } });
    // A digest is never broken: people copy it.
    const lines = text.split("\n").filter((line) => !line.includes("sha256:"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(columns, 72));
  });
});
