import { textsOf } from "../extra.ts";
import { type Extra, type FindingPredicate, type PackagePredicate, whether } from "../predicate.ts";

/** Any listed id, by whichever of its names the flaw is listed. */
export const denyCve = {
  type: "denyCVE",
  appliesTo: "finding",
  parameters: {
    properties: { vulnIds: { type: "array", minItems: 1, maxItems: 1024, items: { type: "string" } } },
    required: ["vulnIds"],
  },
  describe: (extra) => `Vulnerability is one of ${textsOf(extra, "vulnIds").join(", ")}`,
  since: ({ finding }, extra) => {
    const denied = new Set(textsOf(extra, "vulnIds").map((id) => id.trim().toUpperCase()));
    return whether([finding.vulnerability, ...finding.aliases].some((id) => denied.has(id.toUpperCase())));
  },
} as const satisfies FindingPredicate;

interface Denied {
  readonly name: string;
  readonly version?: string;
}

/** By name, or by name and exact version. */
export const denyPkg = {
  type: "denyPkg",
  appliesTo: "package",
  parameters: {
    properties: {
      packages: {
        type: "array",
        minItems: 1,
        maxItems: 1024,
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { type: "string" }, version: { type: "string" } },
        },
      },
    },
    required: ["packages"],
  },
  describe: (extra) =>
    `Package is one of ${deniedOf(extra)
      .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
      .join(", ")}`,
  since: (pkg, extra) =>
    whether(
      deniedOf(extra).some(
        ({ name, version }) => name === pkg.name && (version === undefined || version === pkg.version),
      ),
    ),
} as const satisfies PackagePredicate;

function deniedOf(extra: Extra): Denied[] {
  const packages: readonly unknown[] = Array.isArray(extra.packages) ? extra.packages : [];
  return packages.flatMap((item) => {
    const { name, version }: Extra = typeof item === "object" && item !== null ? { ...item } : {};
    if (typeof name !== "string") return [];
    return [{ name, ...(typeof version === "string" && version !== "" && { version }) }];
  });
}
