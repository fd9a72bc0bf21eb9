import { z } from "zod";

/** 64 lower-case hex digits. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** How far an upload came. */
export const uploadState = z.object({ received: z.int().min(0) }).meta({ id: "UploadState" });

const diffId = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Most layers of one image. */
const mostLayers = 1000;

export const knownLayersRequest = z
  .object({
    shaping: sha256Hex.describe("what shapes the asking program's layer documents"),
    layers: z.array(diffId).max(mostLayers).describe("diffIDs"),
  })
  .meta({ id: "KnownLayersRequest" });

export const knownLayersAnswer = z
  .object({
    understood: z.boolean().describe("whether layer documents of that shaping are read here; if not, send whole SBOMs"),
    known: z.array(z.object({ layer: diffId, size: z.int().min(0) })).describe("layers that need not be sent"),
  })
  .meta({ id: "KnownLayersAnswer" });

const layeredAnalysis = z
  .object({
    shaping: sha256Hex,
    scanner: z.string().min(1).max(200).describe("name and version of the program that read it"),
    facts: z
      .object({ source: z.unknown(), image: z.unknown(), problems: z.unknown() })
      .describe("source, image and problems of its SBOM, as `--output plimsoll-json` writes them"),
    layers: z
      .record(diffId, sha256Hex)
      .refine((layers) => Object.keys(layers).length <= mostLayers, "too many layers")
      .describe("diffID of a layer that was not known → SHA-256 of the upload that holds its document"),
  })
  .meta({ id: "LayeredAnalysis" });

export const submitScanRequest = z
  .object({
    upload: sha256Hex.optional().describe("SHA-256 of the uploaded analysis; else `analysis`"),
    analysis: layeredAnalysis.optional().describe("an image of which only what is not known was sent"),
    stage: z.enum(["pipeline", "registry", "runtime"]).default("pipeline"),
    name: z.string().min(1).max(2000).optional().describe("name shown; absent: the analysis' own"),
    labels: z.record(z.string().max(200), z.string().max(2000)).optional(),
    policies: z.array(z.string().max(300)).max(100).optional().describe("policies to evaluate besides the stage's"),
    maxKnowledgeAge: z.int().min(0).optional().describe("days after which knowledge makes the answer incomplete"),
    keep: z.boolean().default(true).describe("whether the result is kept"),
    key: z.uuid().optional().describe("the sender's name of this scan: sent again under it, the same answer comes"),
    answer: z.enum(["report", "verdict"]).default("report").describe("`verdict`: without packages and findings"),
  })
  .meta({ id: "SubmitScanRequest" });

export const scanAnswer = z
  .object({
    resultId: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .nullable()
      .describe("null: not kept"),
    report: z
      .record(z.string(), z.unknown())
      .describe("the whole evaluated report, as `--output plimsoll-json` writes it"),
  })
  .meta({ id: "ScanAnswer" });

export const acceptedScan = z
  .object({
    jobId: z.string().describe("to be followed at /secure/vulnerability/v1/jobs/:id; it ends with `resultId`"),
  })
  .meta({ id: "AcceptedScan" });
