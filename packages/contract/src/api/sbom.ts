import { z } from "zod";

/** Which SBOM (contract 1.1): `bomIdentifier`, or `assetId` with `assetType`. */
export const sbomQuery = z
  .object({
    bomIdentifier: z.string().max(100).optional().describe("serial number of one SBOM, with `urn:uuid:` or without"),
    assetId: z.string().min(1).max(2000).optional().describe("image id of a container image, name of a host"),
    assetType: z.enum(["container-image", "host"]).optional(),
  })
  .refine(({ bomIdentifier, assetId, assetType }) => bomIdentifier ?? (assetId && assetType), {
    message: "send bomIdentifier, or assetId with assetType",
  });

/** As far as clients read it; the whole is CycloneDX (ECMA-424). */
export const sbomAnswer = z.record(z.string(), z.unknown()).meta({ id: "SbomResultResponse" });
