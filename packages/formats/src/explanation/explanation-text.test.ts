import { join } from "node:path";
import type { AdvisoryExplanation, Explanation, PackageReason } from "@plimsoll/evaluate";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { findingOf, packageOf, sbomOf } from "../../test/builders.ts";
import { explanationText } from "./explanation-text.ts";

const openssl = packageOf("deb", ["libssl3", "3.0.11-1~deb12u1"]);
const key = {
  ecosystem: "debian:12",
  name: "openssl",
  version: "3.0.11-1~deb12u1",
  nameKind: "source",
  via: "source",
} as const;
const holds: AdvisoryExplanation = {
  advisory: "DSA-5764-1",
  feed: "debian-tracker",
  provider: "debian",
  published: "2024-09-03T00:00:00Z",
  holds: true,
  reason: "in-range",
  key,
  scheme: "deb",
  ranges: [
    { range: "< 3.0.14-1~deb12u2", holds: true, comparisons: [{ condition: "< 3.0.14-1~deb12u2", holds: true }] },
    { range: ">= 4", holds: false, comparisons: [{ condition: ">= 4", holds: null }] },
  ],
  fixState: "fixed",
  fixVersion: "3.0.14-1~deb12u2",
};
const affected: Explanation = {
  vulnerability: "CVE-2024-5535",
  aliases: ["DSA-5764-1"],
  rejectedBy: null,
  packageMissing: false,
  similarNames: [],
  packages: [
    {
      package: openssl,
      reason: "affected",
      keys: [key],
      feeds: ["debian-tracker"],
      advisories: [holds],
      finding: findingOf(openssl, "CVE-2024-5535", { fixVersion: "3.0.14-1~deb12u2", fixState: "fixed" }),
    },
  ],
};
const options = { columns: 80, colors: false, vulnerability: "CVE-2024-5535" };

describe("explanationText", () => {
  it("shows range and comparison of a finding", () => {
    const text = explanationText(affected, sbomOf({}), options);
    golden(join(import.meta.dirname, "testdata", "affected.txt"), text);
    expect(text).toContain("< 3.0.14-1~deb12u2  yes");
  });

  it.each<PackageReason>([
    "not-affected",
    "undecided",
    "no-advisory",
    "owned-by-os-package",
    "no-feed",
    "unknown-distro",
    "rejected",
  ])("has words for %s", (reason) => {
    const [one] = affected.packages;
    const packages = one === undefined ? [] : [{ ...one, reason, finding: null, advisories: [] }];
    const text = explanationText({ ...affected, packages, rejectedBy: "nvd" }, sbomOf({}), options);
    expect(text).toMatch(/NOT AFFECTED|NOT JUDGED|UNDECIDED/);
  });

  it("names similar packages when the asked one is missing", () => {
    const missing = { ...affected, packages: [], packageMissing: true, similarNames: ["libssl3"] };
    const text = explanationText(missing, sbomOf({}), { ...options, package: "libssl" });
    expect(text).toContain("There is no package libssl in it. Similar names: libssl3.");
  });

  it("says how to ask on when no package is concerned", () => {
    expect(explanationText({ ...affected, packages: [] }, sbomOf({}), options)).toContain("--package NAME");
  });

  it("lets no control character through", () => {
    const evil = packageOf("npm", ["a\u001b[2J", "1\n2"], { ownedBy: "\u001b[1m" });
    const packages = affected.packages.map((one) => ({ ...one, package: evil, feeds: ["\u001b[2J"] }));
    const text = explanationText({ ...affected, vulnerability: "\u001b]0;x\u0007", packages }, sbomOf({}), options);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});
