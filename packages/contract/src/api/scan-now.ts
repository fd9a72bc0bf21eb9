import { z } from "zod";

export const scanNowRequest = z
  .object({
    image: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe("`[registry/]repository[:tag][@sha256:…]`; absent: what the asset is called"),
    assetId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional()
      .describe("an asset that there is, scanned or not: the result is its. Absent: the image in its registry"),
    platform: z.string().max(100).optional().describe("`os/architecture[/variant]`; absent: the server's own"),
  })
  .refine(({ image, assetId }) => image !== undefined || assetId !== undefined, "name an image or an asset")
  .meta({ id: "ScanNowRequest" });
