import { describe, expect, it } from "vitest";
import { auditFilter } from "./audit-filter.ts";

describe("the filter of the audit log", () => {
  it.each([
    [{}, ""],
    [{ who: " ann@example.org " }, 'actorName contains "ann@example.org"'],
    [
      { who: "a", action: "token.", subject: "team:1" },
      'actorName contains "a" and action startsWith "token." and subject contains "team:1"',
    ],
    [{ subject: 'x" or action = "y\\' }, 'subject contains "x\\" or action = \\"y\\\\"'],
  ])("%j", (wanted, filter) => {
    expect(auditFilter(wanted)).toBe(filter);
  });
});
