import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { settingsTable } from "./help.ts";

const page = readFileSync(join(repositoryRoot, "docs", "operation.md"), "utf8");
const metrics = readFileSync(join(repositoryRoot, "apps/server/src/operation/metrics.ts"), "utf8");

describe("docs/operation.md", () => {
  it("has the table of settings as it is (else: npm run gen:docs)", () => {
    expect(page).toContain(settingsTable());
  });

  it("lists every metric of ours", () => {
    const names = [...metrics.matchAll(/name: "(plimsoll_\w+)"/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(5);
    const missing = names.filter((name) => !page.includes(`| \`${name}\` |`));
    expect(missing).toEqual([]);
  });
});
