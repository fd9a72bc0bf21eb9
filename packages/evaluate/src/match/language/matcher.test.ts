import { ecosystems } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { packageSample } from "../../../test/samples.ts";
import { languageMatcher } from "./matcher.ts";

describe("the language matcher", () => {
  it("covers every language row of the table under its own key", () => {
    for (const { id, os } of ecosystems) {
      const pkg = packageSample({ ecosystem: id });
      expect(languageMatcher.appliesTo(pkg)).toBe(!os);
      expect(languageMatcher.ecosystem(pkg)).toBe(id);
    }
  });

  it.each([
    ["pypi", "Flask_SQLAlchemy", "flask-sqlalchemy"],
    ["nuget", "Newtonsoft.Json", "newtonsoft.json"],
    ["npm", "@scope/Name", "@scope/Name"],
    ["maven", "org.x:y", "org.x:y"],
  ] as const)("asks %s for %s as %s", (ecosystem, name, asked) => {
    expect(languageMatcher.keys(packageSample({ ecosystem, name }), ecosystem)[0]?.name).toBe(asked);
  });
});
