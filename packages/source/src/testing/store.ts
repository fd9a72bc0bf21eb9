import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { imageOf, type TarEntry, type TestImage, tarOf } from "@plimsoll/testkit";

/** What a test changes of a store before it is written. */
export interface StoreChanges {
  readonly names?: readonly string[];
  /** Changes the records of images.json and layers.json. */
  readonly images?: (records: Record<string, unknown>[]) => unknown;
  readonly layers?: (records: Record<string, unknown>[]) => unknown;
  /** Changes the lines of every tar-split. */
  readonly split?: (lines: string[]) => string[];
}

/** An image store as containers/storage writes it, driver overlay: one image of plain layers, unpacked and taken apart. */
export function writeStore(
  root: string,
  layers: readonly (readonly TarEntry[])[],
  changes: StoreChanges = {},
): TestImage {
  const image = imageOf(layers, { compression: "none" });
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const ids = image.layers.map((_, index) => String(index).padStart(64, "a"));
  layers.forEach((entries, index) => {
    const id = ids[index] ?? "";
    mkdirSync(join(root, "overlay", id, "diff"), { recursive: true });
    for (const { path, body = "", type = "file" } of entries) {
      const name = String(path);
      if (type === "file" && body.length > 0) put(`overlay/${id}/diff/${name}`, body);
    }
    const lines = splitOf(entries);
    put(`overlay-layers/${id}.tar-split.gz`, gzipSync((changes.split?.(lines) ?? lines).join("\n")));
  });
  const layerRecords = ids.map((id, index) => ({ id, ...(index > 0 && { parent: ids[index - 1] }) }));
  put("overlay-layers/layers.json", JSON.stringify(changes.layers?.(layerRecords) ?? layerRecords));
  const id = image.imageId.slice(7);
  const names = changes.names ?? ["localhost/app:1"];
  const digests = { manifest: image.manifest.digest };
  const record = { id, digest: image.manifest.digest, names, layer: ids.at(-1), "big-data-digests": digests };
  put("overlay-images/images.json", JSON.stringify(changes.images?.([record]) ?? [record]));
  put(`overlay-images/${id}/manifest`, image.manifest.bytes);
  put(`overlay-images/${id}/=${Buffer.from(image.imageId).toString("base64")}`, image.config.bytes);
  return image;
}

/** The tar of the entries, taken apart: headers and padding in line, bodies left out. */
function splitOf(entries: readonly TarEntry[]): string[] {
  const lines = entries.flatMap((entry) => {
    const whole = tarOf([entry], { end: false });
    const size = Buffer.from(entry.body ?? "").length;
    const end = whole.length - ((512 - (size % 512)) % 512);
    const file = JSON.stringify({ type: 1, name: String(entry.path), ...(size > 0 && { size }), payload: null });
    return [segment(whole.subarray(0, end - size)), file, segment(whole.subarray(end))];
  });
  return [...lines, segment(Buffer.alloc(1024))];
}

/** A line of bytes as they are. */
export function segment(bytes: Buffer): string {
  return JSON.stringify({ type: 2, payload: bytes.toString("base64") });
}
