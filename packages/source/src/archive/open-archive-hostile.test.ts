import { symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  corrupted,
  dockerArchiveOf,
  gzipOf,
  imageOf,
  ociLayoutOf,
  sha256Of,
  tarOf,
  tarOfFiles,
  truncated,
} from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { archiveWith, diffIds, file, folder, image, readArchive, root, tagged } from "../testing/read-archive.ts";

describe("openArchive with bad input", () => {
  const docker = dockerArchiveOf([tagged]);
  const badLayer = (bytes: Buffer) => {
    const files = ociLayoutOf([tagged]);
    files.set(`blobs/sha256/${image.layers[0]?.digest.slice(7)}`, bytes);
    return files;
  };
  const blob = image.layers[0]?.bytes ?? Buffer.alloc(0);
  it.each<[string, () => string, string]>([
    ["no such file", () => join(root, "nothing.tar"), "FILE_NOT_FOUND"],
    ["a device", () => "/dev/null", "NOT_A_FILE"],
    ["an empty file", () => file(Buffer.alloc(0)), "NOT_AN_ARCHIVE"],
    ["a text file", () => file(Buffer.from("hello ".repeat(200))), "TAR_CORRUPT"],
    ["a tar of something else", () => file(tarOfFiles({ a: "1" })), "NOT_AN_ARCHIVE"],
    ["a folder of something else", () => folder(new Map([["a", Buffer.from("1")]])), "NOT_AN_ARCHIVE"],
    ["a truncated archive", () => file(truncated(docker, 2000)), "TAR_TRUNCATED"],
    ["a truncated gzipped archive", () => file(truncated(gzipOf(docker), 200)), "COMPRESSION_TRUNCATED"],
    ["a corrupt layer in an archive", () => file(corrupted(docker, 512 + 1536 + 100)), "DIFF_ID_MISMATCH"],
    ["blob digest mismatch", () => folder(badLayer(corrupted(blob, 4))), "DIGEST_MISMATCH"],
    ["truncated blob", () => folder(badLayer(truncated(blob, 50))), "COMPRESSION_TRUNCATED"],
    ["lying size", () => folder(badLayer(Buffer.concat([blob, Buffer.alloc(1)]))), "SIZE_MISMATCH"],
    ["missing blob", () => folder(without(ociLayoutOf([tagged]), image.layers[0]?.digest ?? "")), "FILE_NOT_FOUND"],
    ["manifest changed under its digest", () => folder(replaced(image.manifest.digest, "{}")), "DIGEST_MISMATCH"],
    [
      "manifest as long as it pleases",
      () => folder(replaced(image.manifest.digest, " ".repeat(9 << 20))),
      "DOCUMENT_INVALID",
    ],
    ["config changed", () => folder(replaced(image.config.digest, "{}")), "DIGEST_MISMATCH"],
    ["config of a docker archive changed", () => file(tarOfFiles(dockerFiles("{}"))), "DIGEST_MISMATCH"],
    ["index that is no JSON", () => folder(new Map([["index.json", Buffer.from("{")]])), "DOCUMENT_INVALID"],
    ["another artifact", () => folder(artifact()), "NOT_AN_IMAGE"],
    [
      "a blob path leaving the folder",
      () => file(tarOfFiles({ "manifest.json": '[{"Config":"../../etc/passwd"}]' })),
      "DOCUMENT_INVALID",
    ],
    [
      "layers that do not pair up",
      () => file(archiveWith({ rootfs: { diff_ids: diffIds.slice(0, 1) } }, 2)),
      "DOCUMENT_INVALID",
    ],
  ])("%s", async (_, make, code) => {
    await expect(readArchive(make())).rejects.toMatchObject({ name: "PlimsollError", code });
  });

  it("does not follow a layer link out of the archive", async () => {
    const config = { path: "c.json", body: JSON.stringify({ rootfs: { diff_ids: [diffIds[0]] } }) };
    const manifest = [{ Config: "c.json", Layers: ["l/layer.tar"] }];
    for (const target of ["/etc/passwd", "../../../etc/passwd", "../l/layer.tar"]) {
      const archive = tarOf([
        { path: "l/layer.tar", type: "symlink", linkname: target },
        config,
        { path: "manifest.json", body: JSON.stringify(manifest) },
      ]);
      await expect(readArchive(file(archive)), target).rejects.toMatchObject({ code: "DOCUMENT_INVALID" });
    }
  });

  it("does not wait on a pipe behind a link of a layout", async () => {
    const files = without(ociLayoutOf([tagged]), image.layers[0]?.digest ?? "");
    const path = folder(files);
    symlinkSync("/dev/zero", join(path, "blobs/sha256", image.layers[0]?.digest.slice(7) ?? ""));
    await expect(readArchive(path)).rejects.toMatchObject({ code: "NOT_A_FILE" });
  });

  it("limits layers and the size of the whole image, at their place and as a stream", async () => {
    const two = imageOf([[{ path: "a", body: "a" }], [{ path: "b", body: "b" }]]);
    const archive = dockerArchiveOf([two]);
    const bytes = two.layers.reduce((sum, { tar }) => sum + tar.length, 0);
    const place = file(archive);
    await readArchive(place, { limits: { layers: 2, imageBytes: bytes } });
    await expect(readArchive(place, { limits: { layers: 1 } })).rejects.toMatchObject({ code: "TOO_MANY_LAYERS" });
    await expect(readArchive(place, { limits: { imageBytes: bytes - 1 } })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
    const stream = file(gzipOf(archive));
    await readArchive(stream, { limits: { layers: 2, imageBytes: archive.length } });
    await expect(readArchive(stream, { limits: { layers: 1 } })).rejects.toMatchObject({ code: "TOO_MANY_LAYERS" });
    const small = readArchive(stream, { limits: { imageBytes: archive.length - 1 } });
    await expect(small).rejects.toMatchObject({ code: "LAYER_TOO_LARGE" });
  });
});

function replaced(digest: string, text: string): Map<string, Buffer> {
  return ociLayoutOf([tagged]).set(`blobs/sha256/${digest.slice(7)}`, Buffer.from(text));
}

function without(files: Map<string, Buffer>, digest: string): Map<string, Buffer> {
  files.delete(`blobs/sha256/${digest.slice(7)}`);
  return files;
}

function dockerFiles(config: string): Record<string, string> {
  const name = `${image.imageId.slice(7)}.json`;
  return { [name]: config, "manifest.json": JSON.stringify([{ Config: name, Layers: [] }]) };
}

function artifact(): Map<string, Buffer> {
  const chart = Buffer.from('{"name":"chart"}');
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, config: { digest: sha256Of(chart), size: chart.length }, layers: [] }),
  );
  const index = { schemaVersion: 2, manifests: [{ digest: sha256Of(manifest), size: manifest.length }] };
  return new Map([
    ["index.json", Buffer.from(JSON.stringify(index))],
    [`blobs/sha256/${sha256Of(chart).slice(7)}`, chart],
    [`blobs/sha256/${sha256Of(manifest).slice(7)}`, manifest],
  ]);
}
