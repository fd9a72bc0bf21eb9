import fc from "fast-check";
import type { Known } from "./estate.ts";

// Arbitraries of what estates are made of: so few of everything that things meet.

const packages = ["a@1", "a@2", "b@1", "c@1", "d@1"] as const;

export const somePackages = fc.array(fc.constantFrom(...packages), { maxLength: 4 });

export const someLayer = fc.record({ adds: somePackages, removes: somePackages });

const flaw = fc.record({
  vulnerability: fc.constantFrom("CVE-1", "CVE-2", "CVE-3"),
  severity: fc.constantFrom("critical", "high", "medium", "low", "negligible", "unknown"),
  fixable: fc.boolean(),
  exploited: fc.boolean(),
});
const flaws = fc.uniqueArray(flaw, { maxLength: 3, selector: ({ vulnerability }) => vulnerability });

export const someKnowledge = fc
  .dictionary(fc.constantFrom(...packages), flaws)
  .map((found): Known => new Map(Object.entries(found)));
