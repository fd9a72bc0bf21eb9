import type { Rating } from "@plimsoll/model";
import type { AffectedRecord } from "@plimsoll/vulndb";
import { describe, expect, it } from "vitest";
import { disclosedOn } from "./disclosed.ts";
import { preferredCvss, providerViews } from "./providers.ts";

const score = (version: string, value: number) => ({ version, score: value, vector: `${version}/${value}` });
const rating = (provider: string, rest: Partial<Rating>): Rating => ({
  kind: "rating",
  feed: "f",
  provider,
  vulnerability: "CVE-2024-1",
  ...rest,
});
const record = (
  advisory: Partial<AffectedRecord["advisory"]>,
  affected: Partial<AffectedRecord["affected"]> = {},
): AffectedRecord => ({
  advisory: { id: "A", feed: "f", provider: "almalinux", vulnerabilities: ["CVE-2024-1"], ...advisory },
  isWithdrawn: false,
  affected: {
    ecosystem: "e",
    name: "n",
    nameKind: "binary",
    scheme: "rpm",
    ranges: [],
    fixState: "fixed",
    ...affected,
  },
});

describe("providerViews", () => {
  it("keeps one view per provider, keys sorted", () => {
    const views = providerViews([rating("nvd", { cvss: [score("3.1", 9)] }), rating("cna", { severity: "low" })], []);
    expect(Object.keys(views)).toEqual(["cna", "nvd"]);
    expect(views).toEqual({ nvd: { cvss: score("3.1", 9) }, cna: { severity: "low" } });
  });

  it("prefers the word on the package to the flaw's, and that to the erratum's", () => {
    const erratum = record({
      vulnerabilities: ["CVE-2024-1", "CVE-2024-2"],
      severity: "critical",
      cvss: [score("3.1", 9)],
    });
    const own = rating("almalinux", { severity: "medium" });
    const onPackage = record({}, { severity: "low" });
    expect(providerViews([own], [erratum, onPackage]).almalinux?.severity).toBe("low");
    expect(providerViews([own], [erratum]).almalinux).toEqual({ severity: "medium" });
    expect(providerViews([], [erratum]).almalinux).toEqual({ severity: "critical" });
  });

  it("takes the worst of equally precise words and the earliest date", () => {
    const a = record({ severity: "low", published: "2024-03-01T00:00:00Z" });
    const b = record({ severity: "high", published: "2024-02-29T23:00:00-05:00" });
    const views = providerViews([], [a, b, record({ published: "soon" })]);
    expect(views.almalinux).toEqual({ severity: "high", published: "2024-03-01T00:00:00Z" });
  });

  it("shows v3 before v4 before v2, unknown versions last", () => {
    expect(preferredCvss([score("2.0", 9), score("4.0", 9), score("3.0", 3), score("3.1", 2)])?.version).toBe("3.1");
    expect(preferredCvss([score("2.0", 9), score("4.0", 9)])?.version).toBe("4.0");
    expect(preferredCvss([])).toBeUndefined();
  });
});

describe("disclosedOn", () => {
  const none = { kev: null, exploits: [] };
  const kev = {
    kind: "kev",
    feed: "kev",
    vulnerability: "x",
    added: "2022-02-02",
    due: "2022-03-03",
    ransomware: false,
  } as const;
  it.each([
    [
      "NVD's date",
      { nvd: { published: "2024-05-06T23:30:00-02:00" }, github: { published: "2020-01-01" } },
      none,
      "2024-05-07",
      false,
    ],
    [
      "else the earliest",
      { a: { published: "2024-05-06" }, b: { published: "2023-01-02T00:00:00Z" } },
      none,
      "2023-01-02",
      false,
    ],
    ["else what KEV says", {}, { kev, exploits: [] }, "2022-02-02", false],
    ["else the year in the id", { nvd: { published: "yesterday" } }, none, "2021-01-01", true],
  ])("is %s", (...[, providers, facts, date, estimated]) => {
    expect(disclosedOn(["CVE-2021-44228"], providers, facts)).toEqual({ date, estimated });
  });
  it("is never left out", () => {
    expect(disclosedOn(["GHSA-aaaa-bbbb-cccc", "PYSEC-2019-3"], {}, none)).toEqual({
      date: "2019-01-01",
      estimated: true,
    });
    expect(disclosedOn(["GHSA-aaaa-bbbb-cccc"], {}, none).estimated).toBe(true);
  });
});
