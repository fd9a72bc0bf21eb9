import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { findingOf, packageOf, policyOf, reportOf, ruleOf, sbomOf, writeOptions } from "../../test/builders.ts";
import { manyLayers, sharedReports } from "../../test/reports.ts";
import { html } from "./report-format.ts";

/** Elements and attributes of a page; fails where tags do not match. HTML's void elements are closed first. */
function elementsOf(page: string): { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const closed = page
    .replace("<!doctype html>", "")
    .replace(/<(meta|br)([^>]*)>/g, "<$1$2/>")
    .replace(" open>", ' open="">');
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) =>
    found.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.write(closed.replaceAll(" open>", ' open="">')).close();
  return found;
}

describe("html", () => {
  it.each(sharedReports)(
    "writes %s as its golden file, well-formed, without a script or anything to load",
    (name, report) => {
      const page = html.write(report, writeOptions());
      const elements = elementsOf(page);
      const names = new Set(elements.map((element) => element.name));
      for (const active of ["script", "img", "iframe", "object", "form", "link", "base"])
        expect(names).not.toContain(active);
      for (const { attributes } of elements) {
        expect(
          Object.keys(attributes).filter((key) => key.startsWith("on") || key === "src" || key === "style"),
        ).toEqual([]);
        if (attributes.href !== undefined) expect(attributes.href).toMatch(/^(https:\/\/|#main$)/);
      }
      golden(join(import.meta.dirname, "testdata", `${name}.html`), page);
    },
  );

  it("forbids itself whatever it does not need", () => {
    expect(html.write(manyLayers, writeOptions())).toContain("default-src 'none'");
  });

  it("names its tables, their columns and their rows for screen readers", () => {
    const elements = elementsOf(html.write(manyLayers, writeOptions()));
    const count = (name: string): number => elements.filter((element) => element.name === name).length;
    expect(count("table")).toBe(5);
    expect(count("caption")).toBe(5);
    const heads = elements.filter(({ name }) => name === "th");
    expect(heads.filter(({ attributes }) => attributes.scope === undefined)).toEqual([]);
    expect(elements.find(({ name }) => name === "html")?.attributes.lang).toBe("en");
  });

  it("shows markup from outside as text, in every place", () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='a'>`;
    const pkg = packageOf("npm", [evil, evil], { path: evil });
    const finding = findingOf(pkg, `CVE-1${evil}`, {
      title: evil,
      aliases: [evil],
      fixVersion: evil,
      fixState: "fixed",
    });
    const violations = [{ kind: "finding" as const, findingId: finding.id, packageId: pkg.id, description: evil }];
    const report = reportOf(
      sbomOf({
        packages: [pkg],
        source: { kind: "image", transport: evil, name: evil },
        distro: { id: evil, idLike: [], versionId: evil },
      }),
      {
        findings: [finding],
        suggestedFixes: [{ packageId: pkg.id, suggestedFix: evil, clearsAll: evil }],
        policies: [policyOf([ruleOf(evil, violations, { description: evil })], evil)],
        problems: [{ level: "incomplete", code: "x", message: evil, path: evil, next: evil }],
      },
    );
    const page = html.write(report, writeOptions({ scanner: { name: evil, version: evil }, scanTime: evil }));
    expect(page).not.toMatch(/<script|<img/);
    expect(elementsOf(page).some(({ attributes }) => Object.hasOwn(attributes, "onerror"))).toBe(false);
  });
});
