import { diffReports } from "@plimsoll/evaluate";
import type { Difference, Finding, Report } from "@plimsoll/model";
import { findingOf, imageOf, packageOf, policyOf, reportOf, ruleOf, sbomOf } from "./builders.ts";
import { emptyReport, sharedReports } from "./reports.ts";

const base = { command: "ADD rootfs.tar / # buildkit", size: 70_000_000 };
const runtime = { command: "RUN /bin/sh -c apt-get install -y nodejs # buildkit", size: 20_000_000 };

function named(report: Report, name: string): Report {
  return { ...report, sbom: { ...report.sbom, source: { ...report.sbom.source, name } } };
}

function judged(findings: readonly Finding[]) {
  const violations = findings
    .filter(({ severity, fixVersion }) => severity === "critical" && fixVersion !== undefined)
    .map(({ id, packageId }) => ({ kind: "finding" as const, findingId: id, packageId, description: "" }));
  const policies = [policyOf([ruleOf("1", violations), ruleOf("2", [])])];
  const status = violations.length > 0 ? ("failed" as const) : ("passed" as const);
  return { policies, verdict: { status, complete: true, validUntil: null } };
}

/** Version 1.0 of a shop: openssl with two flaws, one lodash. */
const shopBefore: Report = (() => {
  const image = imageOf([base, runtime, { command: "COPY app-1.0 /app # buildkit", size: 5_000 }]);
  const layer = (place: number) => ({ introducedIn: image.layers[place]?.diffId ?? null });
  const openssl = packageOf("deb", ["openssl", "3.0.1-1"], layer(0));
  const node = packageOf("deb", ["nodejs", "18.1.0-1"], layer(1));
  const lodash = packageOf("npm", ["lodash", "4.17.15"], { ...layer(2), path: "app/node_modules/lodash/package.json" });
  const gone = packageOf("npm", ["left-pad", "1.0.0"], { ...layer(2), path: "app/node_modules/left-pad/package.json" });
  const findings = [
    findingOf(openssl, "CVE-2024-1001", { severity: "critical", fixVersion: "3.0.2-1", fixState: "fixed" }),
    findingOf(lodash, "CVE-2021-23337", { severity: "medium" }),
    findingOf(openssl, "CVE-2024-1002", { severity: "low" }),
    findingOf(node, "CVE-2024-1003", { severity: "unknown", cvss: null }),
    findingOf(gone, "CVE-2024-1004", { severity: "negligible" }),
  ];
  return named(
    reportOf(sbomOf({ image, packages: [openssl, node, lodash, gone] }), { findings, ...judged(findings) }),
    "shop/web:1.0",
  );
})();

/** Version 1.1 on the same base: openssl upgraded, lodash copied once more and rated worse, log4j new. */
const shopAfter: Report = (() => {
  const app = { command: "COPY app-1.1 /app # buildkit", size: 6_000 };
  const upgrade = { command: "RUN /bin/sh -c apt-get install -y openssl # buildkit", size: 1_000_000 };
  const image = imageOf([base, runtime, upgrade, app]);
  const layer = (place: number) => ({ introducedIn: image.layers[place]?.diffId ?? null });
  const openssl = packageOf("deb", ["openssl", "3.0.2-1"], layer(2));
  const node = packageOf("deb", ["nodejs", "18.1.0-1"], layer(1));
  const lodash = packageOf("npm", ["lodash", "4.17.15"], { ...layer(3), path: "app/node_modules/lodash/package.json" });
  const copy = packageOf("npm", ["lodash", "4.17.15"], {
    ...layer(3),
    path: "app/admin/node_modules/lodash/package.json",
  });
  const log4j = packageOf("maven", ["org.apache.logging.log4j:log4j-core", "2.14.1"], {
    ...layer(3),
    path: "app/log4j-core-2.14.1.jar",
  });
  const kev = { added: "2021-12-10", due: "2021-12-24", ransomware: true };
  const findings = [
    findingOf(log4j, "CVE-2021-44228", {
      severity: "critical",
      fixVersion: "2.15.0",
      fixState: "fixed",
      kev,
      exploit: { count: 9, links: [] },
    }),
    findingOf(lodash, "CVE-2021-23337", { severity: "high", fixVersion: "4.17.21", fixState: "fixed" }),
    findingOf(copy, "CVE-2021-23337", { severity: "high", fixVersion: "4.17.21", fixState: "fixed" }),
    findingOf(node, "CVE-2024-1003", { severity: "unknown", cvss: null }),
    findingOf(openssl, "CVE-2024-1002", { severity: "low" }),
  ];
  const packages = [openssl, node, lodash, copy, log4j];
  return named(reportOf(sbomOf({ image, packages }), { findings, ...judged(findings) }), "shop/web:1.1");
})();

/** An upgrade with everything in it. */
export const shopUpgrade: Difference = differenceOf(shopBefore, shopAfter);

function sharedReport(name: string): Report {
  return sharedReports.find(([known]) => known === name)?.[1] ?? emptyReport;
}

function differenceOf(before: Report, after: Report): Difference {
  return diffReports({ report: before, judged: "now" }, { report: after, judged: "now" });
}

const older = { ...shopBefore, evaluatedAt: "2025-06-01T00:00:00.000Z" };

/** Every format is held to these. */
export const sharedDifferences: readonly (readonly [name: string, difference: Difference])[] = [
  ["nothing", differenceOf(emptyReport, emptyReport)],
  ["same", differenceOf(shopAfter, shopAfter)],
  ["upgrade", shopUpgrade],
  ["judged-then", diffReports({ report: older, judged: "then" }, { report: shopAfter, judged: "now" })],
  ["incomplete", differenceOf(sharedReport("one-finding"), sharedReport("partial"))],
  ["other-base", differenceOf(sharedReport("one-finding"), sharedReport("many-layers"))],
  ["hostile", differenceOf(emptyReport, sharedReport("hostile"))],
];
