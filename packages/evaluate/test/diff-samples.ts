import type { ComparedSide, DiffId, Finding, Layer, Package, Report } from "@plimsoll/model";
import { findingSample, imageSample, packageSample, sbomSample } from "./samples.ts";

/** `lodash@4.17.15 app/a` with ids in the layer of that letter, and its findings: `CVE-1 high fix=2 kev exploit`. */
export interface PackageLine {
  readonly name: string;
  readonly version?: string;
  readonly path?: string;
  readonly layer?: string;
  readonly findings?: readonly Partial<Finding>[];
  readonly more?: Partial<Package>;
}

/** The same letter gives the same diffID. */
function diffIdOf(letter: string): DiffId {
  return `sha256:${letter.repeat(64).slice(0, 64)}` as DiffId;
}

/** A report of an image with those layers, a letter each, and packages. */
export function reportSample(layers: string, lines: readonly PackageLine[], overrides: Partial<Report> = {}): Report {
  const packages = lines.map((line, place): Package => {
    const { name, version = "1.0.0", path = `app/${name}`, layer, more = {} } = line;
    const diffId = layer === undefined ? null : diffIdOf(layer);
    const id = `${name}-${place}`;
    return packageSample({ id, name, version, locations: [{ path, layer: diffId }], introducedIn: diffId, ...more });
  });
  const findings = lines.flatMap(({ findings: own = [] }, place) =>
    own.map((rest, index) =>
      findingSample({ packageId: packages[place]?.id ?? "", id: `f-${place}-${index}`, ...rest }),
    ),
  );
  const rows = [...layers].map((letter, index): Layer => {
    const diffId = diffIdOf(letter);
    return { index, command: `RUN ${letter}`, diffId, chainId: null, digest: null, size: 1 };
  });
  return {
    sbom: sbomSample({ image: imageSample({}, { layers: rows }), packages }),
    stage: "pipeline",
    evaluatedAt: "2026-01-02T03:04:05.000Z",
    findings,
    suggestedFixes: [],
    policies: [],
    verdict: { status: "passed", complete: true, validUntil: null },
    knowledge: {
      revision: "7",
      builtAt: "2026-01-02T00:00:00Z",
      starter: false,
      feeds: [],
      oldest: null,
      packagesJudged: packages.length,
      packagesNotJudged: 0,
      findingsUnrated: 0,
    },
    problems: [],
    ...overrides,
  };
}

export function judgedNow(report: Report): ComparedSide {
  return { report, judged: "now" };
}

export function judgedThen(report: Report): ComparedSide {
  return { report: { ...report, evaluatedAt: "2025-06-01T00:00:00.000Z" }, judged: "then" };
}
