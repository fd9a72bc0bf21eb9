import { z } from "zod";

/** RFC 3339 moment with any offset and any number of decimals (contract 2.4: "nanos, local offset"). */
export const wireInstant = z.iso.datetime({ offset: true });

/** RFC 3339 in UTC: what Jenkins reads with `Instant.parse`. */
export const wireUtcInstant = z.iso.datetime();

/** `YYYY-MM-DD`. */
export const wireDate = z.iso.date();

/** The closed list of package types (contract 2.4 notes, decision 22). */
export const wirePackageType = z.enum(["os", "java", "javascript", "python", "golang", "ruby", "rust", "php", "C#"]);

/** Result of a rule. */
export const wireRuleResult = z.enum(["passed", "failed", "accepted", "notApplicable"]);

/** Result of a policy or of a whole evaluation. */
export const wirePolicyResult = z.enum(["passed", "failed", "accepted", "noPolicy"]);

/** What a failure of a rule hangs on; any other word makes Jenkins throw. */
export const wireFailureType = z.enum(["pkgVulnFailure", "imageConfigFailure"]);

export const wireBundleType = z.enum(["predefined", "custom"]);

/** Anything JSON holds under string keys: predicate extras, failure arguments. */
export const wireBag = z.record(z.string(), z.unknown());

export const wireLabels = z.record(z.string(), z.string());

/** `POST`ed and printed alike: who accepted which risk, why and until when (contract 2.4; context as in scan reports). */
export const wireRiskAccept = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  entityType: z.string(),
  entityValue: z.string(),
  context: z.array(z.object({ type: z.string(), value: z.string() })),
  status: z.enum(["active", "expired"]),
  reason: z.string(),
  description: z.string(),
  expirationDate: wireDate.nullable().optional(),
  createdAt: wireUtcInstant,
  updatedAt: wireUtcInstant,
});

/** Our own additions to both reports (contract 2.4, 2.5): what was not read or is not known. Clients ignore them. */
export const wireProblem = z.object({
  level: z.enum(["note", "warning", "incomplete"]),
  code: z.string(),
  message: z.string(),
  next: z.string().optional(),
  path: z.string().optional(),
  layer: z.string().optional(),
  package: z.string().optional(),
  feed: z.string().optional(),
});

/** Our own addition: the baseline that was applied, and what it had that is gone. */
export const wireBaseline = z.object({
  name: z.string(),
  judged: z.enum(["now", "then"]),
  evaluatedAt: wireInstant,
  revision: z.string(),
  new: z.int(),
  worsened: z.int(),
  known: z.int(),
  knownViolations: z.int(),
  gone: z.array(
    z.object({
      vulnerability: z.string(),
      severity: z.string(),
      package: z.string(),
      version: z.string(),
      purl: z.string(),
    }),
  ),
});

/** Our own addition: what the verdict knew (decision 4). */
export const wireKnowledge = z.object({
  revision: z.string(),
  builtAt: wireInstant,
  starter: z.boolean(),
  signedBy: z.array(z.string()).readonly().optional(),
  feeds: z.array(z.object({ id: z.string(), title: z.string(), date: z.string(), records: z.int() })),
  oldest: z.string().nullable(),
  packagesJudged: z.int(),
  packagesNotJudged: z.int(),
  findingsUnrated: z.int(),
});

/** `scanTime`, a Go duration, and the stored result where there is one. */
export const wireInfo = z.object({
  scanTime: wireInstant,
  scanDuration: z.string().regex(/^(\d+(\.\d+)?(h|m|s|ms|µs|ns))+$/),
  resultUrl: z.string().optional(),
  resultId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});

export const wireScanner = z.object({ name: z.string(), version: z.string() });
