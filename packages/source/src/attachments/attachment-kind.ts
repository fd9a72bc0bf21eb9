import type { AttachmentKind } from "@plimsoll/model";

/** First match wins: a VEX document in CycloneDX clothes says so in its type, a signed SBOM is an SBOM and no signature. */
const patterns: readonly (readonly [AttachmentKind, RegExp])[] = [
  ["vex", /openvex|\bcsaf\b|\bvex\b/],
  ["sbom", /spdx|cyclonedx|syft|\bsbom\b|\bbom\b/],
  ["provenance", /slsa|provenance/],
  ["signature", /signature|simplesigning|notary|sigstore|pkcs7|cosign/],
];

/** What a document is for, by everything that is told of its type: media type, artifact type, predicate type. */
export function attachmentKindOf(...types: readonly string[]): AttachmentKind {
  const text = types.join(" ").toLowerCase();
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}
