import { z } from "zod";
import { resultV1, severityV1 } from "../report-v1.ts";
import { wireInstant, wireKnowledge } from "../wire.ts";

/** A whole result as the API answers it: the report v1 without what wraps it in a file, and what only a server knows. */
export const fullResultAnswer = resultV1
  .extend({
    resultId: z.string(),
    sbomId: z.uuid().describe("ours: the bomIdentifier of its SBOM"),
    isFrozen: z.boolean().describe("ours: a pipeline's result never changes; any other shows what is known now"),
    nowKnown: z.string().describe("ours: path of the same judged with what is known today, and what differs"),
  })
  .meta({ id: "ScanResultResponse" });

const layer = z
  .object({ index: z.int(), command: z.string(), diffId: z.string().nullable(), digest: z.string().nullable() })
  .nullable();
const version = z
  .object({ version: z.string(), purl: z.string(), arch: z.string().optional(), path: z.string().nullable() })
  .nullable();
const packageChange = z.object({
  state: z.enum(["added", "upgraded", "downgraded", "changed", "removed", "unchanged"]),
  ecosystem: z.string().nullable(),
  name: z.string(),
  before: version,
  after: version,
  beforeLayer: layer,
  afterLayer: layer,
});
const rated = z
  .looseObject({
    severity: z.string(),
    fixState: z.string(),
    fixVersion: z.string().optional(),
    exploitable: z.boolean(),
  })
  .nullable();
const side = z.looseObject({
  imageId: z.string().nullable(),
  judged: z.enum(["now", "then"]),
  evaluatedAt: wireInstant,
  knowledge: wireKnowledge,
});
const tally = z.object({ total: z.int(), fixable: z.int() });
const tallies = z.record(z.string(), tally);

/** What differs between two results: the document of `plimsoll diff --output json`. */
export const differenceAnswer = z
  .object({
    schemaVersion: z.literal(1),
    before: side,
    after: side,
    sameKnowledge: z.boolean(),
    counts: z.object({ added: tallies, worsened: tallies, fixed: tallies, eased: tallies, unchanged: tallies }),
    packagesUnchanged: z.int(),
    findings: z.array(
      z.object({
        state: z.enum(["added", "worsened", "fixed", "eased"]),
        cause: z.string().nullable().describe("package-added, package-changed, package-removed, knowledge-changed, …"),
        vulnerability: z.string(),
        package: packageChange,
        before: rated,
        after: rated,
        changes: z.array(z.object({ aspect: z.string(), before: z.string(), after: z.string(), isWorse: z.boolean() })),
      }),
    ),
    packages: z.array(packageChange),
    layers: z.array(
      z.object({
        state: z.enum(["shared", "moved", "added", "removed"]),
        before: layer,
        after: layer,
        added: z.int().describe("findings added or worsened in packages that the later layer brought"),
        fixed: z.int().describe("findings fixed in packages that the earlier layer had brought"),
      }),
    ),
    policies: z.array(z.unknown()),
  })
  .meta({ id: "ResultDifference" });

/** A result judged with today's knowledge, and how that differs from what was answered then. */
export const resultNowAnswer = fullResultAnswer
  .extend({
    answeredThen: z.object({
      evaluatedAt: wireInstant,
      knowledge: wireKnowledge,
      verdict: z.object({ status: z.string(), complete: z.boolean(), validUntil: z.string().nullable() }),
    }),
    changes: differenceAnswer,
    fixesMoved: z
      .array(
        z.object({
          vulnerability: z.string(),
          package: z.string(),
          version: z.string(),
          severity: severityV1.or(z.literal("unknown")),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      )
      .describe("findings whose rating stays and whose fixed version is another now"),
  })
  .meta({ id: "ResultNow" });

/** Query of a comparison. */
export const differenceQuery = z.object({
  judged: z
    .enum(["now", "then"])
    .default("now")
    .describe("`now`: both sides with today's knowledge, so that only packages make a difference; `then`: as answered"),
});

export type FullResult = z.infer<typeof fullResultAnswer>;
export type ResultNow = z.infer<typeof resultNowAnswer>;
