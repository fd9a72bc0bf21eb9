import type { FeedRecord, Package, Sbom } from "@plimsoll/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advisory, affected, memoryKnowledge, rating } from "../../test/memory-knowledge.ts";
import { packageSample, sbomSample } from "../../test/samples.ts";
import { evaluate } from "../evaluate.ts";
import { type Judged, recentJudgements } from "./judgements.ts";
import { keptJudgements } from "./kept-judgements.ts";

const rpm = { scheme: "rpm", nameKind: "binary" } as const;
const deb = { scheme: "deb", nameKind: "source" } as const;
const records: FeedRecord[] = [
  advisory("GHSA-1", [affected("npm a", [{ fixed: "1.2.0" }])], { vulnerabilities: ["CVE-2024-1"], severity: "high" }),
  advisory("GHSA-2", [affected("npm a", [{ introduced: "1.1.0" }]), affected("npm b", [{ fixed: "nonsense" }])], {}),
  advisory("ALSA-1", [affected("almalinux:9 a", [{ fixed: "0:1.2.0-1.el9" }], rpm)], {
    provider: "almalinux",
    vulnerabilities: ["CVE-2024-1", "CVE-2024-2"],
  }),
  advisory("ALSA-2", [affected("almalinux:9 a", [{ fixed: "1.5" }], { ...rpm, arch: "s390x" })], {}),
  advisory("DSA-1", [affected("debian:12 a", [{ fixed: "1.2" }], deb), affected("debian:12 b", [{}], deb)], {}),
  advisory("GO-1", [affected("golang stdlib", [{ fixed: "1.2.0" }])], {}),
  rating("CVE-2024-1", "nvd", { severity: "critical" }),
];

const distro = fc.constantFrom(null, ["almalinux", "9.3"], ["debian", "12"], ["debian", "13"]);
const drawn = fc.record({
  ecosystem: fc.constantFrom("npm", "rpm", "deb", "golang"),
  name: fc.constantFrom("a", "b", "stdlib"),
  version: fc.constantFrom("1.0.0", "1.1.0", "1.2.0-1.el9", "", "?"),
  arch: fc.constantFrom("amd64", "s390x"),
  source: fc.constantFrom(undefined, { name: "a", version: "1.1.0" }, { name: "b", version: "" }),
  role: fc.constantFrom(undefined, "toolchain"),
});
const target = fc.record({ distro, packages: fc.array(drawn, { maxLength: 12 }) });

/** A target as it is drawn. */
function sbomOf({ packages, ...seen }: typeof target extends fc.Arbitrary<infer T> ? T : never): Sbom {
  const [id = "", versionId = ""] = seen.distro ?? [];
  return sbomSample({
    distro: seen.distro === null ? null : { id, idLike: [], versionId },
    packages: packages.map(
      ({ source, role, ...rest }, at): Package =>
        packageSample({
          ...(rest as Partial<Package>),
          id: `p${at}`,
          ...(source !== undefined && { source }),
          ...(role !== undefined && { role: "toolchain" }),
        }),
    ),
  });
}

const targets = fc.array(target, { maxLength: 12 });
const options = { now: 0, stage: "registry" } as const;

describe("judgements of before", () => {
  it("change no report, whatever was judged and forgotten in between", () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 0, max: 12 }), (drawn, most) => {
        const base = memoryKnowledge(records);
        const judgements = recentJudgements(most);
        for (const sbom of drawn.map(sbomOf)) {
          const fresh = JSON.stringify(evaluate(sbom, base, options));
          expect(JSON.stringify(evaluate(sbom, base, { ...options, judgements }))).toBe(fresh);
        }
      }),
    );
  });

  it("change no report when they were kept as text, by whatever target", () => {
    fc.assert(
      fc.property(targets, (drawn) => {
        const base = memoryKnowledge(records);
        let text: string | null = null;
        for (const sbom of drawn.map(sbomOf)) {
          const fresh = JSON.stringify(evaluate(sbom, base, options));
          const judgements = keptJudgements(text);
          expect(JSON.stringify(evaluate(sbom, base, { ...options, judgements }))).toBe(fresh);
          text = judgements.toKeep() ?? text;
        }
      }),
    );
  });

  it("ask the knowledge base no second time", () => {
    const asked: string[] = [];
    const base = memoryKnowledge(records, { asked });
    const judgements = recentJudgements(100);
    const sbom = sbomSample({ packages: [packageSample({ name: "a", version: "1.1.5" })] });
    evaluate(sbom, base, { now: 0, stage: "registry", judgements });
    expect(asked.splice(0)).not.toEqual([]);
    evaluate(sbom, base, { now: 0, stage: "registry", judgements });
    expect(asked).toEqual([]);
  });

  it("are kept up to a sum of flaws; those that were not asked for go first", () => {
    const judgements = recentJudgements(6);
    const judged = (advisories: string[] = []): Judged => ({ flaws: [], advisories, versions: [] });
    const kept = (...names: string[]) => names.filter((name) => judgements.get(name) !== undefined);
    for (const name of ["a", "b", "c"]) judgements.set(name, judged());
    judgements.set("d", judged());
    expect(kept("a", "c")).toEqual(["a", "c"]);
    judgements.set("e", judged(["x"]));
    expect(kept("b", "e", "a", "c")).toEqual(["e", "a", "c"]);
    judgements.set("too much", judged(["x", "y", "z"]));
    expect(kept("too much", "c")).toEqual(["c"]);
  });
});
