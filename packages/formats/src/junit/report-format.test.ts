import { join } from "node:path";
import { golden, junitCheck } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { policyOf, reportOf, ruleOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { manyLayers, oneFinding, partial, sharedReports } from "../../test/reports.ts";
import { junit } from "./report-format.ts";

const check = junitCheck();

describe("junit", () => {
  it.each(sharedReports)("writes %s as its golden file, valid by the published schema", async (name, report) => {
    const text = junit.write(report, writeOptions());
    expect(await check(text)).toEqual([]);
    golden(join(import.meta.dirname, "testdata", `${name}.junit.xml`), text);
  });

  it("is checked by a schema that can fail", async () => {
    expect(await check(junit.write(oneFinding, writeOptions()).replace("<system-out/>", ""))).not.toEqual([]);
  });

  it("has a suite per package where no policy was evaluated", async () => {
    const text = junit.write({ ...manyLayers, policies: [] }, writeOptions());
    expect(await check(text)).toEqual([]);
    expect(text.match(/<testsuite /g)).toHaveLength(8);
    expect(text.match(/<failure /g)).toHaveLength(23);
  });

  it("fails as an error when a clean answer could be false", () => {
    expect(junit.write(partial, writeOptions())).toContain('<error message="a clean answer could be false"');
  });

  it("is an error when the scan could not be done", async () => {
    const failure = { source: "app:1", code: "NO_SUCH_IMAGE", message: "there is no <app:1>", next: "check the name" };
    const text = junit.writeFailure(failure, writeOptions());
    expect(await check(text)).toEqual([]);
    expect(text).toContain('tests="1" failures="0" errors="1"');
    expect(text).toContain("app:1: there is no &lt;app:1&gt; [NO_SUCH_IMAGE]; check the name</error>");
  });

  it("skips what is accepted and what does not apply", async () => {
    const rules = [ruleOf("1", [], { status: "accepted" }), ruleOf("2", [], { status: "notApplicable" })];
    const text = junit.write(reportOf(sbomOf({}), { policies: [policyOf(rules)] }), writeOptions());
    expect(await check(text)).toEqual([]);
    expect(text.match(/<skipped message="[^"]*"/g)).toEqual([
      '<skipped message="accepted"',
      '<skipped message="not applicable"',
    ]);
  });
});
