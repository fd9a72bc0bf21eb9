import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AliasEdge, aliasGroups, isCve } from "./alias-groups.ts";

const edge = (a: string, b: string, own = true): AliasEdge => ({ a, b, own });

describe("aliasGroups", () => {
  it.each<[string, AliasEdge[], Record<string, string>]>([
    ["nothing", [], {}],
    ["a pair, named by its CVE", [edge("GHSA-1", "CVE-1")], { "GHSA-1": "CVE-1", "CVE-1": "CVE-1" }],
    [
      "a chain",
      [edge("GO-1", "GHSA-1"), edge("GHSA-1", "CVE-1")],
      { "GO-1": "CVE-1", "GHSA-1": "CVE-1", "CVE-1": "CVE-1" },
    ],
    ["no CVE: first id", [edge("RUSTSEC-1", "GHSA-1")], { "RUSTSEC-1": "GHSA-1", "GHSA-1": "GHSA-1" }],
    [
      "a second CVE stays out, a document's own word goes first",
      [edge("CVE-1", "GHSA-1", false), edge("CVE-2", "GHSA-1", true)],
      { "CVE-2": "CVE-2", "GHSA-1": "CVE-2" },
    ],
  ])("%s", (_, edges, expected) => {
    expect(Object.fromEntries(aliasGroups(edges))).toEqual(expected);
    expect(Object.fromEntries(aliasGroups(edges.toReversed()))).toEqual(expected);
  });

  it("never holds two CVEs in a group, whatever is said, in whatever order", () => {
    const id = fc.constantFrom("CVE-1", "CVE-2", "CVE-3", "GHSA-1", "GHSA-2", "GHSA-3", "GO-1", "GO-2");
    const edges = fc.array(fc.record({ a: id, b: id, own: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(edges, (said) => {
        const groups = aliasGroups(said);
        const cves = [...groups].filter(([name]) => isCve(name)).map(([, group]) => group);
        expect(new Set(cves).size).toBe(cves.length);
        for (const [name, group] of groups) if (isCve(name)) expect(group).toBe(name);
        for (const group of groups.values()) expect(groups.get(group)).toBe(group);
        const sorted = (map: ReadonlyMap<string, string>) => [...map].sort();
        expect(sorted(aliasGroups(said.toReversed()))).toEqual(sorted(groups));
      }),
    );
  });

  it("joins a long chain without recursion", () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => edge(`GHSA-${index}`, `GHSA-${index + 1}`));
    expect(new Set(aliasGroups(chain).values()).size).toBe(1);
  });
});
