import { distroFamilies, type ProviderView } from "@plimsoll/model";
import { describe, expect, it } from "vitest";
import { type ReferenceVulnerability, referenceReports, skipReason } from "../../test/reference-report.ts";
import { type Headline, headline } from "./headline.ts";

const reports = referenceReports();

/** VulnDB stands where decision 5(c) puts the CVE record's own score. */
function viewsOf(vulnerability: ReferenceVulnerability): Record<string, ProviderView> {
  const { vulndb, ...providers } = vulnerability.providers;
  return vulndb === undefined ? providers : { ...providers, cna: vulndb };
}

function chosen(vulnerability: ReferenceVulnerability, told: boolean): Headline {
  const family = vulnerability.os ? (distroFamilies.find(({ id }) => id === vulnerability.distro) ?? null) : null;
  const debian: Record<string, ProviderView> = told ? { debian: { severity: "negligible" } } : {};
  return headline({ ...viewsOf(vulnerability), ...debian }, family);
}

function reproduces(vulnerability: ReferenceVulnerability, told: boolean): boolean {
  const { severity, severityProvider } = chosen(vulnerability, told);
  const provider = severityProvider === "cna" ? "vulndb" : severityProvider;
  return severity === vulnerability.severity && provider === vulnerability.mainProvider;
}

describe.skipIf(reports.length === 0)(`headlines of real reports${skipReason}`, () => {
  const all = reports.flatMap((report) => report.vulnerabilities);
  const unimportant = all.filter(({ mainProvider }) => mainProvider === "debian");

  it("reproduces 477 of 562 severities and providers from the files alone", () => {
    expect(all).toHaveLength(562);
    expect(all.filter((vulnerability) => reproduces(vulnerability, false))).toHaveLength(477);
  });

  it("reproduces the other 85 once Debian's tracker says unimportant", () => {
    expect(unimportant).toHaveLength(85);
    expect(unimportant.filter((vulnerability) => reproduces(vulnerability, true))).toHaveLength(85);
    expect(unimportant.filter((vulnerability) => reproduces(vulnerability, false))).toHaveLength(0);
  });

  it("reproduces every headline score", () => {
    const wrong = all.filter((vulnerability) => {
      const { cvss } = chosen(vulnerability, vulnerability.mainProvider === "debian");
      const { cvssScore } = vulnerability;
      return (cvss?.score ?? 0) !== cvssScore.score || (cvss !== null && cvss.vector !== cvssScore.vector);
    });
    expect(wrong.map(({ name, cvssScore }) => [name, cvssScore])).toEqual([]);
  });
});
