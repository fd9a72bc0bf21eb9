import { expectCompleteRegistry } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { reportOf, sbomOf, writeOptions } from "../test/builders.ts";
import { reportFormats, sbomFormats } from "./formats.ts";

expectCompleteRegistry(reportFormats, { folder: import.meta.dirname, file: "report-format.ts" });
expectCompleteRegistry(sbomFormats, { folder: import.meta.dirname, file: "sbom-format.ts" });

describe("every format", () => {
  it("ends its document in one newline", () => {
    const report = reportOf(sbomOf({}));
    const tool = { name: "plimsoll", version: "0.1.0" };
    const texts = [
      ...reportFormats.map((format) => format.write(report, writeOptions())),
      ...sbomFormats.map((format) => format.write(report.sbom, { tool })),
    ];
    for (const text of texts) expect(text).toMatch(/[^\n]\n$/);
  });
});
