import { describe, expect, it } from "vitest";
import { licenseText } from "./licenses.ts";

describe("licenseText", () => {
  it.each([
    ["Apache-2.0", "id"],
    [" MIT ", "id"],
    ["GPL-2.0+", "expression"],
    ["MIT OR (Apache-2.0 WITH LLVM-exception AND BSD-3-Clause)", "expression"],
    ["LicenseRef-acme", "expression"],
    ["apache 2", "name"],
    ["GPL-2+", "name"],
    ["", "name"],
    ["\ud800", "name"],
    ["(".repeat(990), "name"],
    [`${"MIT OR ".repeat(300)}MIT`, "name"],
  ])("%s is of kind %s", (text, kind) => expect(licenseText(text).kind).toBe(kind));
});
