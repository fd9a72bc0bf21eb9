import type { Finding, ImageInfo, Package, Problem, Report } from "@plimsoll/model";
import { findingOf, imageOf, layersOf, packageOf, policyOf, reportOf, ruleOf, sbomOf } from "./builders.ts";

const levels = ["critical", "high", "medium", "low", "negligible"] as const;

const baseRows = [
  { command: "/bin/sh -c #(nop) ADD file:2a6c4f6ab4d5e5fc4f1d7f0e0b3b2f4c6d4d3e1c1e5d3c5a in / ", size: 124_000_256 },
  { command: '/bin/sh -c #(nop)  CMD ["bash"]', size: null },
];
const appRows = [
  ...baseRows,
  {
    command: "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends nginx curl # buildkit",
    size: 41_222_144,
  },
  { command: "ENV NODE_VERSION=20.1.0", size: null },
  { command: "COPY package.json package-lock.json ./ # buildkit", size: 8_704 },
  { command: "RUN /bin/sh -c npm ci --omit=dev # buildkit", size: 23_554_048 },
];

/** Nothing installed, nothing found, passed. */
export const emptyReport: Report = reportOf(sbomOf({ image: imageOf(baseRows), distro: null }), {
  knowledge: { ...reportOf(sbomOf({})).knowledge, feeds: [], oldest: null },
});

/** One critical finding with everything known about it; the default policy fails. */
export const oneFinding: Report = (() => {
  const image = imageOf(appRows, {
    config: { ...imageOf([]).config, labels: { "org.opencontainers.image.title": "app" } },
  });
  const openssl = packageOf("deb", ["libssl3", "3.0.11-1~deb12u1"], {
    introducedIn: image.layers[0]?.diffId ?? null,
    arch: "amd64",
    source: { name: "openssl", version: "3.0.11-1~deb12u1" },
    licenses: ["Apache-2.0"],
  });
  const finding = findingOf(openssl, "CVE-2024-5535", {
    aliases: ["DSA-5000-1"],
    severity: "critical",
    cvss: { version: "3.1", score: 9.1, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H" },
    fixState: "fixed",
    fixVersion: "3.0.14-1~deb12u2",
    fixDate: "2024-08-31",
    exploit: { count: 2, links: ["https://example.org/poc"], published: "2024-07-01" },
    kev: { added: "2024-07-04", due: "2024-07-25", ransomware: true },
    epss: { score: 0.0123, percentile: 0.8512, date: "2025-12-31" },
    title: "Buffer overread in SSL_select_next_proto",
    providers: {
      nvd: {
        severity: "critical",
        published: "2024-06-27T11:15:24.447Z",
        cvss: {
          version: "3.1",
          score: 9.1,
          vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H",
          exploitabilityScore: 3.9,
          impactScore: 5.2,
        },
      },
      debian: { published: "2024-06-27" },
    },
  });
  return reportOf(sbomOf({ image, packages: [openssl, bashOf(image)] }), {
    findings: [finding],
    suggestedFixes: [{ packageId: openssl.id, suggestedFix: "3.0.14-1~deb12u2", clearsAll: "3.0.14-1~deb12u2" }],
    policies: [policyOf([ruleOf("1", [violationOf(finding)]), ruleOf("2", [])])],
    verdict: { status: "failed", complete: true, validUntil: "2026-02-01T00:00:00.000Z" },
  });
})();

/** Nobody rates one finding; another belongs to a package that is gone and must never be counted. */
export const unratedAndRemoved: Report = (() => {
  const image = imageOf(appRows);
  const [base, , apt] = image.layers;
  const kept = packageOf("npm", ["@acme/parser", "1.2.3"], {
    path: "app/node_modules/@acme/parser/package.json",
    introducedIn: image.layers[5]?.diffId ?? null,
  });
  const gone = packageOf("deb", ["wget", "1.21.3-1"], {
    introducedIn: base?.diffId ?? null,
    ...(apt?.diffId && { removedIn: apt.diffId }),
  });
  const unrated = findingOf(kept, "GHSA-aaaa-bbbb-cccc", {
    severity: "unknown",
    severityProvider: null,
    cvss: null,
    cvssProvider: null,
    disclosed: { date: "2024-01-01", estimated: true },
    providers: {},
  });
  const problem: Problem = {
    level: "warning",
    code: "findings-unrated",
    message: "1 finding is rated by nobody",
    next: "look at it by hand: plimsoll explain GHSA-aaaa-bbbb-cccc IMAGE",
  };
  const sbom = sbomOf({ image, packages: [gone, kept] });
  return reportOf(sbom, {
    findings: [unrated, findingOf(gone, "CVE-2024-38428")],
    knowledge: { ...reportOf(sbom).knowledge, packagesJudged: 1, findingsUnrated: 1 },
    problems: [problem],
  });
})();

/** A clean answer that could be false: a layer and a database were not read, knowledge is the old starter. */
export const partial: Report = (() => {
  const image = imageOf(appRows);
  const problems: Problem[] = [
    {
      level: "incomplete",
      code: "file-too-large",
      message: "a file of 220 MB is larger than the limit of 100 MB and was not read",
      next: "raise the limit with --max-file-size",
      path: "opt/app/huge.jar",
      ...(image.layers[2]?.diffId && { layer: image.layers[2].diffId }),
    },
    {
      level: "incomplete",
      code: "knowledge-old",
      message: "what is known about debian:12 is 467 days old",
      next: "plimsoll db update",
      feed: "debian-oval",
    },
    { level: "note", code: "layer-empty", message: "1 layer holds no files" },
  ];
  const sbom = sbomOf({ image, packages: [bashOf(image)] });
  return reportOf(sbom, {
    problems,
    verdict: { status: "passed", complete: false, validUntil: null },
    knowledge: {
      ...reportOf(sbom).knowledge,
      starter: true,
      feeds: [{ id: "debian-oval", title: "Debian OVAL", date: "2023-07-14", records: 25_932 }],
      oldest: "2023-07-14",
      packagesJudged: 0,
      packagesNotJudged: 1,
    },
  });
})();

/** 42 history rows, six ecosystems, all severities, two policies. */
export const manyLayers: Report = (() => {
  const rows = Array.from({ length: 42 }, (_, index) =>
    index % 3 === 1
      ? { command: `ENV STEP=${index}`, size: null }
      : {
          command: `RUN /bin/sh -c make step-${index} && ./install.sh --prefix=/usr/local # buildkit`,
          size: 1024 * index,
        },
  );
  const image = imageOf(rows);
  const layerAt = (index: number): Partial<Package> => ({ introducedIn: layersOf(rows)[index]?.diffId ?? null });
  const packages = [
    packageOf("deb", ["libc6", "2.36-9+deb12u3"], layerAt(0)),
    packageOf("deb", ["zlib1g", "1:1.2.13.dfsg-1"], layerAt(0)),
    packageOf("gem", ["rack", "2.2.3"], { ...layerAt(6), path: "usr/local/bundle/specifications/rack-2.2.3.gemspec" }),
    packageOf("golang", ["stdlib", "1.19.1"], { ...layerAt(9), path: "usr/local/bin/gosu", role: "toolchain" }),
    packageOf("maven", ["org.apache.logging.log4j:log4j-core", "2.14.1"], {
      ...layerAt(12),
      path: "opt/app/server.war:WEB-INF/lib/log4j-core-2.14.1.jar",
    }),
    packageOf("npm", ["lodash", "4.17.15"], { ...layerAt(39), path: "app/node_modules/lodash/package.json" }),
    packageOf("pypi", ["Jinja2", "2.11.2"], {
      ...layerAt(41),
      path: "usr/local/lib/python3.11/site-packages/Jinja2-2.11.2.dist-info/METADATA",
    }),
  ];
  const findings = packages.flatMap((pkg, place) => findingsFor(pkg, place));
  const fixes = packages.flatMap((pkg) => {
    const versions = findings.flatMap((finding) => {
      return finding.packageId === pkg.id && finding.fixVersion !== undefined ? [finding.fixVersion] : [];
    });
    const [first] = versions;
    const last = versions.at(-1);
    return first && last ? [{ packageId: pkg.id, suggestedFix: first, clearsAll: last }] : [];
  });
  const worst = findings.filter(({ severity }) => severity === "critical");
  const violations = worst.map(violationOf);
  const user = ruleOf(
    "9",
    [
      {
        kind: "config",
        remediation: "Set a user other than root in the image configuration",
        arguments: {},
        description: "The default user is root",
      },
    ],
    { description: "User is root", failureType: "imageConfigFailure" },
  );
  return reportOf(sbomOf({ image, packages }), {
    findings: findings.toSorted((a, b) => rank(a) - rank(b)),
    suggestedFixes: fixes,
    policies: [policyOf([ruleOf("1", violations), ruleOf("2", [])]), policyOf([user], "House rules")],
    verdict: { status: "failed", complete: true, validUntil: null },
  });
})();

function rank({ severity }: Finding): number {
  return levels.indexOf(severity === "unknown" ? "medium" : severity);
}

function findingsFor(pkg: Package, place: number): Finding[] {
  return levels.slice(place % 4, 5 - (place % 2)).map((severity, index) =>
    findingOf(pkg, `CVE-202${place}-${1000 + index}`, {
      severity,
      cvss: {
        version: "3.1",
        score: 9.8 - 2 * levels.indexOf(severity),
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      },
      ...(severity !== "negligible" && {
        fixState: "fixed" as const,
        fixVersion: `${pkg.version}.${index + 1}`,
        fixDate: "2024-02-02",
      }),
      ...(severity === "critical" && { exploit: { count: 3, links: ["https://example.org/x"] } }),
      epss: { score: 0.5 / (index + 1), percentile: 0.9, date: "2025-12-31" },
    }),
  );
}

const redText = "\u001b[31mred\u001b[0m";

/** Names that would move the cursor, run a command, break a line or turn the reading direction, where they can. */
export const hostile: Report = (() => {
  const image = imageOf(
    [
      { command: `RUN echo ${redText}\r\nnewline \u202egnp.exe`, size: 1 },
      { command: "", size: null },
    ],
    {
      author: redText,
      created: "yesterday",
      architecture: "amd64\u0007",
      config: {
        ...imageOf([]).config,
        labels: JSON.parse('{"constructor":"x","a\\u0000b":"\\ud800"}') as Record<string, string>,
      },
    },
  );
  const introducedIn = image.layers[0]?.diffId ?? null;
  const packages = [
    packageOf("npm", ["$(rm -rf ~)", "1.0.0; reboot"], { introducedIn, path: `app/${redText}/\u2028package.json` }),
    packageOf("npm", ["--global", "1.0.0"], { introducedIn, path: "app/node_modules/--global/package.json" }),
    packageOf("pypi", ["名前がとても長いパッケージ名前がとても長い", "１.０"], { introducedIn, licenses: ["\ud800"] }),
    packageOf("deb", ["x".repeat(300), "9".repeat(200)], { introducedIn }),
  ];
  const findings = packages.map((pkg, index) =>
    findingOf(pkg, index === 0 ? `CVE-2024-1\n${redText}` : `CVE-2024-${index}`, {
      title: `title ${redText}\nsecond line`,
      fixState: "fixed",
      fixVersion: index === 0 ? "2; reboot" : "2.0.0",
      cvss: null,
    }),
  );
  const sbom = sbomOf({
    source: { kind: "image", transport: "registry", name: `evil/${redText}:1` },
    distro: { id: `x\u001b[2J`, idLike: [], versionId: "1\n2", prettyName: redText },
    image,
    packages,
  });
  return reportOf(sbom, {
    findings,
    suggestedFixes: findings.map(({ packageId, fixVersion = "" }) => ({
      packageId,
      suggestedFix: fixVersion,
      clearsAll: fixVersion,
    })),
    problems: [{ level: "warning", code: "odd-name", message: `odd ${redText}`, path: `a\u0000b\n${redText}` }],
    policies: [policyOf([ruleOf("x", [])], `Policy ${redText}`)],
  });
})();

/** The six reports every format is tried with, by the name of its golden file. */
export const sharedReports: readonly (readonly [name: string, report: Report])[] = [
  ["empty", emptyReport],
  ["one-finding", oneFinding],
  ["unrated-and-removed", unratedAndRemoved],
  ["partial", partial],
  ["many-layers", manyLayers],
  ["hostile", hostile],
];

function bashOf({ layers }: ImageInfo): Package {
  return packageOf("deb", ["bash", "5.2.15-2+b2"], { introducedIn: layers[0]?.diffId ?? null });
}

function violationOf({ id, packageId }: Finding) {
  return { kind: "finding" as const, findingId: id, packageId, description: "" };
}
