import type { AttachmentKind } from "@plimsoll/model";
import {
  type Blob,
  descriptorOf,
  imageOf,
  indexOf,
  jsonBlob,
  startTestRegistry,
  type TestRegistry,
  type TestRegistryOptions,
} from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { image, layers, pull, pullOptions } from "../testing/pull.ts";
import { openAttachments } from "./open-attachments.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const empty = jsonBlob({}, "application/vnd.oci.empty.v1+json");
const spdx = jsonBlob({ spdxVersion: "SPDX-2.3", name: "app" }, "application/spdx+json");
const vex = jsonBlob({ "@context": "https://openvex.dev/ns/v0.2.0" }, "application/openvex+json");

type Told = { readonly artifactType?: string; readonly annotations?: object; readonly subject?: Blob };

/** A manifest whose one layer is the document. */
function artifactOf(document: Blob, { artifactType, annotations = {}, subject }: Told): Blob {
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    ...(artifactType !== undefined && { artifactType }),
    config: descriptorOf(empty),
    layers: [{ ...descriptorOf(document), annotations }],
    ...(subject !== undefined && { subject: descriptorOf(subject) }),
  };
  return jsonBlob(manifest, manifestType);
}

function attach(registry: TestRegistry, tags: readonly string[], [document, told]: [Blob, Told]): Blob {
  const manifest = artifactOf(document, told);
  registry.put("app", tags, { manifest, blobs: [document, empty] });
  return manifest;
}

async function found(reference: string) {
  const list = await openAttachments(reference, pullOptions());
  return { ...list, words: list.attachments.map(({ kind, type, via }) => `${kind} ${type} ${via}`) };
}

const tagOf = (blob: Blob): string => blob.digest.replace(":", "-");

describe("attachments by the referrers API", () => {
  it.each<[string, TestRegistryOptions]>([
    ["at once", { referrers: true }],
    ["page by page", { referrers: true, referrersPage: 1 }],
    ["behind a login", { referrers: true, referrersPage: 2, auth: { mode: "bearer" } }],
  ])("SBOM, VEX and signature, %s", async (_, options) => {
    await using registry = await startTestRegistry(options);
    const reference = registry.push("app", "1", image);
    const subject = image.manifest;
    attach(registry, [], [spdx, { artifactType: "application/spdx+json", subject }]);
    attach(registry, [], [vex, { artifactType: "application/vnd.openvex", subject }]);
    const bundle = jsonBlob({ bundle: 1 }, "application/vnd.dev.sigstore.bundle.v0.3+json");
    attach(registry, [], [bundle, { artifactType: bundle.mediaType, subject }]);
    const { words, problems, digest } = await found(reference);
    expect(words).toEqual([
      "sbom application/spdx+json referrers",
      "signature application/vnd.dev.sigstore.bundle.v0.3+json referrers",
      "vex application/vnd.openvex referrers",
    ]);
    expect([problems, digest]).toEqual([[], subject.digest]);
  });

  it("without the API, or where it answers with a page for people, the fallback tag counts", async () => {
    for (const html of [false, true]) {
      await using registry = await startTestRegistry();
      const reference = registry.push("app", "1", image);
      const manifest = attach(registry, [], [spdx, { artifactType: "application/spdx+json", subject: image.manifest }]);
      const listed = { ...descriptorOf(manifest), artifactType: "application/spdx+json" };
      const index = jsonBlob({ schemaVersion: 2, mediaType: indexType, manifests: [listed] }, indexType);
      registry.put("app", [tagOf(image.manifest)], { manifest: index });
      if (html)
        registry.addFault({
          match: /referrers/,
          kind: "status",
          status: 200,
          headers: { "content-type": "text/html" },
        });
      expect((await found(reference)).words).toEqual(["sbom application/spdx+json referrers-tag"]);
    }
  });

  it("what belongs to another image is not listed, and said", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    const other = imageOf([[{ path: "other", body: "" }]]);
    const manifest = attach(registry, [], [spdx, { subject: other.manifest }]);
    const index = jsonBlob({ schemaVersion: 2, mediaType: indexType, manifests: [descriptorOf(manifest)] }, indexType);
    registry.put("app", [tagOf(image.manifest)], { manifest: index });
    const { words, problems } = await found(reference);
    expect([words, problems.map(({ code }) => code)]).toEqual([[], ["foreign-attachment"]]);
  });

  it.each([500, 403])("a status of %s is a problem, not nothing attached", async (status) => {
    await using registry = await startTestRegistry({ referrers: true });
    const reference = registry.push("app", "1", image);
    registry.addFault({ match: /referrers/, kind: "status", status });
    const { problems } = await found(reference);
    expect(problems).toMatchObject([{ level: "warning", code: "attachments-unread" }]);
  });

  it("a list without an end ends", async () => {
    await using registry = await startTestRegistry({ referrers: true, referrersPage: 0 });
    const reference = registry.push("app", "1", image);
    attach(registry, [], [spdx, { subject: image.manifest }]);
    const { problems } = await found(reference);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining("has no end")]);
    expect(registry.requests.length).toBeLessThan(100);
  });
});

describe("attachments of other ways", () => {
  it("cosign's tags", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    const tag = tagOf(image.manifest);
    attach(registry, [`${tag}.sbom`], [spdx, {}]);
    const statement = { predicateType: "https://cyclonedx.org/bom", predicate: { bomFormat: "CycloneDX" } };
    const payload = Buffer.from(JSON.stringify(statement)).toString("base64");
    const envelope = jsonBlob({ payload, signatures: [{ sig: "" }] }, "application/vnd.dsse.envelope.v1+json");
    attach(registry, [`${tag}.att`], [envelope, { annotations: { predicateType: statement.predicateType } }]);
    const signed = jsonBlob({ critical: {} }, "application/vnd.dev.cosign.simplesigning.v1+json");
    attach(registry, [`${tag}.sig`], [signed, {}]);
    const list = await found(reference);
    expect(list.words).toEqual([
      "sbom  cosign-tag",
      "sbom https://cyclonedx.org/bom cosign-tag",
      "signature  cosign-tag",
    ]);
    const [plain, enveloped] = list.attachments;
    if (plain === undefined || enveloped === undefined) throw new Error("nothing found");
    expect(Buffer.from(await list.read(plain, false))).toEqual(spdx.bytes);
    expect(Buffer.from(await list.read(enveloped, true))).toEqual(envelope.bytes);
    expect(JSON.parse(Buffer.from(await list.read(enveloped, false)).toString())).toEqual({ bomFormat: "CycloneDX" });
  });

  it("BuildKit's attestation manifests, of the platform's image alone", async () => {
    await using registry = await startTestRegistry();
    const arm = imageOf(layers, { architecture: "arm64" });
    const inToto = (predicateType: string, name: string): Blob =>
      jsonBlob({ predicateType, predicate: { name } }, "application/vnd.in-toto+json");
    const manifests = [image, arm].map((one, index) => {
      const type = index === 0 ? "https://spdx.dev/Document" : "https://slsa.dev/provenance/v0.2";
      const annotations = { "in-toto.io/predicate-type": type };
      const manifest = artifactOf(inToto(type, String(index)), { annotations });
      const reference = {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": one.manifest.digest,
      };
      registry.put("app", [], { manifest, blobs: [inToto(type, String(index))] });
      return {
        ...descriptorOf(manifest),
        annotations: reference,
        platform: { os: "unknown", architecture: "unknown" },
      };
    });
    const plain = JSON.parse(indexOf([image, arm]).bytes.toString()) as { manifests: object[] };
    const index = jsonBlob({ ...plain, manifests: [...plain.manifests, ...manifests] }, indexType);
    const reference = registry.pushIndex("app", "1", { index, images: [image, arm] });
    const list = await found(reference);
    expect(list.words).toEqual(["sbom https://spdx.dev/Document index"]);
    const [first] = list.attachments;
    if (first === undefined) throw new Error("nothing found");
    expect(JSON.parse(Buffer.from(await list.read(first, false)).toString())).toEqual({ name: "0" });
    const { source } = await pull(reference, { attachments: true });
    expect(source.attachments).toEqual(list.attachments);
    expect((await pull(reference)).source.attachments).toBeUndefined();
  });
});

describe("an attachment that lies", () => {
  it("about its digest, or is missing", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("app", "1", image);
    attach(registry, [`${tagOf(image.manifest)}.sbom`], [spdx, {}]);
    const list = await found(reference);
    const [only] = list.attachments;
    if (only === undefined) throw new Error("nothing found");
    registry.addFault({ match: /blobs/, kind: "corrupt", times: 1 });
    await expect(list.read(only, false)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    registry.addFault({ match: /blobs/, kind: "status", status: 404, times: 1 });
    await expect(list.read(only, false)).rejects.toMatchObject({ code: "LAYER_NOT_FOUND" });
    await expect(list.read({ ...only, size: 2 ** 40 }, false)).rejects.toMatchObject({ code: "ATTACHMENT_TOO_LARGE" });
  });
});

describe("attachmentKindOf", () => {
  it.each<[AttachmentKind, string]>([
    ["sbom", "application/vnd.cyclonedx+json"],
    ["sbom", "text/spdx"],
    ["sbom", "application/vnd.syft+json"],
    ["vex", "application/csaf+json"],
    ["vex", "https://openvex.dev/ns/v0.2.0"],
    ["vex", "application/vnd.cyclonedx.vex+json"],
    ["provenance", "https://slsa.dev/provenance/v1"],
    ["signature", "application/vnd.cncf.notary.signature"],
    ["other", "application/vnd.example.readme"],
    ["other", ""],
  ])("%s: %s", async (kind, type) => {
    const { attachmentKindOf } = await import("./attachment-kind.ts");
    expect(attachmentKindOf(type)).toBe(kind);
  });
});
