import { type Bundle, type Policy, type Predicate, type Rule, type Stage, stages } from "@plimsoll/model";

/** First release of these texts; they change only with a new date. */
const since = "2026-01-01T00:00:00Z";

const predicate = (type: string, extra: Predicate["extra"] = {}): Predicate => ({ type, extra });
const fixable = predicate("vulnIsFixable");
const atLeast = (level: string): Predicate => predicate("vulnSeverity", { level });
const equal = (level: string): Predicate => predicate("vulnSeverityEquals", { level });

const threats = (...predicates: readonly Predicate[]) => ({ ruleType: "vulnSeverityAndThreats", predicates });
const single = (ruleType: string, type = ruleType) => ({ ruleType, predicates: [predicate(type)] });
const rootUser = single("imageConfigDefaultUser", "imageConfigDefaultUserIsRoot");
const secrets = single("imageConfigSensitiveInformationAndSecrets");
const notRecommended = single("imageConfigInstructionNotRecommended");
const packageManager = single("imageConfigInstructionIsPkgManager");

/** Rule ids are digits in a text, as readers of the older report format expect; ten per bundle. */
function bundle(place: number, title: Pick<Bundle, "identifier" | "name">, rules: readonly Omit<Rule, "id">[]): Bundle {
  return {
    ...title,
    type: "predefined",
    rules: rules.map((rule, index) => ({ id: String(place * 10 + index + 1), ...rule })),
  };
}

/** Bundles that every installation has (spec 8.4). */
export const predefinedBundles = {
  severeWithFix: bundle(
    0,
    { identifier: "severe_vulnerabilities_with_a_fix", name: "Severe vulnerabilities with a Fix" },
    [
      threats(equal("critical"), fixable),
      threats(equal("high"), predicate("vulnIsFixableWithAge", { age: 30 })),
      threats(atLeast("high"), predicate("vulnExploitableViaNetwork"), fixable),
    ],
  ),
  nist190: bundle(1, { identifier: "nist-sp-800-190", name: "NIST SP 800-190" }, [
    packageManager,
    threats(atLeast("medium")),
    rootUser,
    secrets,
  ]),
  nist53: bundle(2, { identifier: "nist-sp-800-53-rev-5", name: "NIST SP 800-53 Rev 5" }, [
    threats(atLeast("high")),
    secrets,
    rootUser,
    notRecommended,
    packageManager,
  ]),
  nist82: bundle(3, { identifier: "nist-sp-800-82-rev-2", name: "NIST SP 800-82 Rev 2" }, [
    rootUser,
    secrets,
    notRecommended,
    packageManager,
    threats(atLeast("high")),
  ]),
  pciDss: bundle(4, { identifier: "pci-dss-v4-0", name: "PCI DSS v4.0" }, [
    secrets,
    rootUser,
    threats(atLeast("high")),
  ]),
} as const satisfies Readonly<Record<string, Bundle>>;

function policy(
  identifier: string,
  bundles: readonly Bundle[],
  title: { name: string; description: string; stages: readonly Stage[] },
): Policy {
  return { identifier, ...title, bundles, createdAt: since, updatedAt: since };
}

/** Applied from the first start at pipeline and runtime, hosts included (decision 7). */
export const defaultPolicies: readonly Policy[] = [
  policy("plimsoll-default", [predefinedBundles.severeWithFix], {
    name: "Plimsoll Default",
    description: "Fails on severe vulnerabilities that a newer version of the package fixes.",
    stages: stages.filter((stage) => stage !== "registry"),
  }),
];

/** Policies applied only when named, one for each other predefined bundle. */
export const namedPolicies: readonly Policy[] = [
  predefinedBundles.nist190,
  predefinedBundles.nist53,
  predefinedBundles.nist82,
  predefinedBundles.pciDss,
].map((row) =>
  policy(row.identifier, [row], {
    name: row.name,
    description: `The rules for images that follow from ${row.name}.`,
    stages: [],
  }),
);
