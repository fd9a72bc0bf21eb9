import { join } from "node:path";
import { golden } from "@plimsoll/testkit";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { writeOptions } from "../../test/builders.ts";
import { sharedReports } from "../../test/reports.ts";
import { gitlab } from "./report-format.ts";

const filled = { type: "string", minLength: 1 };
const object = (properties: Readonly<Record<string, unknown>>, optional: readonly string[] = []) => ({
  type: "object",
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  properties,
});
const tool = object({ id: filled, name: filled, version: filled, vendor: object({ name: filled }) });
const time = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" };
const url = { type: "string", pattern: "^(https?|ftp)://.+" };

/** What version 15.0.7 of GitLab's container scanning schema demands, in our words: members, lengths, patterns and words. */
const demands = object({
  version: { type: "string", pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+$" },
  scan: object({
    analyzer: tool,
    scanner: tool,
    type: { const: "container_scanning" },
    start_time: time,
    end_time: time,
    status: { enum: ["success", "failure"] },
    messages: { type: "array", items: object({ level: { enum: ["info", "warn", "fatal"] }, value: filled }) },
  }),
  vulnerabilities: {
    type: "array",
    items: object(
      {
        id: filled,
        name: { type: "string", maxLength: 255 },
        description: { type: "string", maxLength: 1_048_576 },
        severity: { enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
        solution: { type: "string", maxLength: 7000 },
        identifiers: {
          type: "array",
          minItems: 1,
          items: object({ type: filled, name: filled, value: filled, url }, ["url"]),
        },
        cvss_vectors: {
          type: "array",
          minItems: 1,
          maxItems: 10,
          items: object({ vendor: filled, vector: { type: "string", minLength: 32, maxLength: 128 } }),
        },
        links: { type: "array", items: object({ url }) },
        location: object({
          dependency: object({ package: object({ name: { type: "string" } }), version: { type: "string" } }),
          operating_system: filled,
          image: filled,
        }),
      },
      ["name", "description", "severity", "solution", "cvss_vectors", "links"],
    ),
  },
});

describe("gitlab", () => {
  it.each(sharedReports)("writes %s as its golden file, with all that GitLab's schema demands", (name, report) => {
    const text = gitlab.write(report, writeOptions());
    const ajv = new Ajv({ strict: false, allErrors: true });
    ajv.validate(demands, JSON.parse(text));
    expect(ajv.errors ?? []).toEqual([]);
    golden(join(import.meta.dirname, "testdata", `${name}.json`), text);
  });
});
