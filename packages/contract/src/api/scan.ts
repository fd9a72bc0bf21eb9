import { z } from "zod";

/** 64 lower-case hex digits. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** How far an upload came. */
export const uploadState = z.object({ received: z.int().min(0) }).meta({ id: "UploadState" });

export const submitScanRequest = z
  .object({
    upload: sha256Hex.describe("SHA-256 of the uploaded analysis"),
    stage: z.enum(["pipeline", "registry", "runtime"]).default("pipeline"),
    name: z.string().min(1).max(2000).optional().describe("name shown; absent: the analysis' own"),
    labels: z.record(z.string().max(200), z.string().max(2000)).optional(),
    policies: z.array(z.string().max(300)).max(100).optional().describe("policies to evaluate besides the stage's"),
  })
  .meta({ id: "SubmitScanRequest" });

export const scanAnswer = z
  .object({
    resultId: z.string().regex(/^[0-9a-f]{32}$/),
    report: z
      .record(z.string(), z.unknown())
      .describe("the whole evaluated report, as `--output plimsoll-json` writes it"),
  })
  .meta({ id: "ScanAnswer" });
