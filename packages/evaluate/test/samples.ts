import type { Finding, ImageConfig, ImageInfo, Package, Policy, Predicate, Sbom } from "@plimsoll/model";

/** A finding with nothing special about it; `rest` says what is. */
export function findingSample(rest: Partial<Finding> = {}): Finding {
  return {
    id: "f1",
    vulnerability: "CVE-2024-1",
    aliases: [],
    packageId: "p1",
    severity: "high",
    severityProvider: "nvd",
    cvss: null,
    cvssProvider: null,
    fixState: "unknown",
    disclosed: { date: "2024-01-01", estimated: false },
    exploit: null,
    kev: null,
    epss: null,
    providers: {},
    details: [],
    ...rest,
  };
}

export function packageSample(rest: Partial<Package> = {}): Package {
  return {
    id: "p1",
    ecosystem: "npm",
    name: "left-pad",
    version: "1.0.0",
    kind: "installed",
    purl: "pkg:npm/left-pad@1.0.0",
    locations: [{ path: "app/node_modules/left-pad/package.json", layer: null }],
    introducedIn: null,
    foundBy: "npm-package-cataloger",
    ...rest,
  };
}

export function imageSample(
  config: Partial<ImageConfig> = {},
  rest: Partial<ImageInfo> & { history?: string[] } = {},
): ImageInfo {
  const { history = [], ...image } = rest;
  return {
    imageId: "sha256:00" as ImageInfo["imageId"],
    digest: null,
    os: "linux",
    architecture: "amd64",
    author: "",
    created: "2024-01-01T10:00:00Z",
    size: 0,
    config: { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "", ...config },
    layers: history.map((command, index) => ({
      index,
      command,
      diffId: null,
      chainId: null,
      digest: null,
      size: null,
    })),
    ...image,
  };
}

export function sbomSample(rest: Partial<Sbom> = {}): Sbom {
  return {
    schemaVersion: 1,
    source: { kind: "image", transport: "registry", name: "example/app:1" },
    image: imageSample(),
    distro: null,
    packages: [packageSample()],
    problems: [],
    catalogers: [],
    ...rest,
  };
}

/** A policy of one bundle; each argument is one rule with its type and predicates. */
export function policySample(...rules: readonly (readonly [string, ...Predicate[]])[]): Policy {
  return {
    identifier: "p",
    name: "P",
    description: "",
    stages: ["pipeline", "runtime"],
    createdAt: "2024-01-01T00:00:00Z",
    updatedAt: "2024-01-01T00:00:00Z",
    bundles: [
      {
        identifier: "b",
        name: "B",
        type: "custom",
        rules: rules.map(([ruleType, ...predicates], index) => ({ id: String(index + 1), ruleType, predicates })),
      },
    ],
  };
}
