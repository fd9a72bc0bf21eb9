import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { sharedReports } from "../../test/reports.ts";
import { gitlabCodequality } from "./report-format.ts";

describe("gitlab-codequality", () => {
  it.each(sharedReports)("writes %s as its golden file, with what GitLab demands of an issue", (name, report) => {
    const text = gitlabCodequality.write(report);
    const issues = JSON.parse(text) as readonly Issue[];
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    for (const issue of issues) {
      expect(issue).toMatchObject({ description: expect.any(String), check_name: expect.any(String) });
      expect(issue.location.path).not.toMatch(/^\.\/|^\//);
      expect(["info", "minor", "major", "critical", "blocker"]).toContain(issue.severity);
    }
    golden(join(import.meta.dirname, "testdata", `${name}.json`), text);
  });
});

interface Issue {
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}
