import type { Digest } from "@plimsoll/model";
import { imageOf, indexOf, startTestRegistry } from "@plimsoll/testkit";
import { expect, it } from "vitest";
import { image, pull } from "../testing/pull.ts";
import type { DocumentStore } from "./document-store.ts";

const other = imageOf([[{ path: "6", body: "" }]], { architecture: "arm64" });

it("documents that were read before are not asked for again, whatever their place; what a tag means is", async () => {
  await using registry = await startTestRegistry();
  const reference = registry.pushIndex("app", "1", { index: indexOf([image, other]), images: [image, other] });
  const kept = new Map<Digest, Uint8Array>();
  const documents: DocumentStore = {
    get: (digest) => kept.get(digest) ?? null,
    keep: (digest, bytes) => void kept.set(digest, bytes),
  };
  const asked = async (name: string): Promise<string[]> => {
    const before = registry.requests.length;
    expect((await pull(name, { documents, platform: "linux/amd64" })).read.image.imageId).toBe(image.imageId);
    return registry.requests.slice(before).flatMap(({ path }) => path.match(/(?:manifests|blobs)\/.*/)?.[0] ?? []);
  };
  const layers = image.layers.map(({ digest }) => `blobs/${digest}`);
  const documentsOfImage = [`manifests/${image.manifest.digest}`, `blobs/${image.config.digest}`];
  expect((await asked(reference)).sort()).toEqual(["manifests/1", ...documentsOfImage, ...layers].sort());
  expect([...kept.keys()].sort()).toEqual([image.manifest.digest, image.config.digest].sort());
  expect((await asked(reference)).sort()).toEqual(["manifests/1", ...layers].sort());

  // Damage, or somebody else's word: what has not the digest is not believed.
  const lie = kept.get(image.manifest.digest as string as Digest);
  kept.set(image.config.digest as string as Digest, lie ?? Uint8Array.of());
  expect(await asked(reference)).toContain(`blobs/${image.config.digest}`);
  expect(await asked(reference)).not.toContain(`blobs/${image.config.digest}`);
});
