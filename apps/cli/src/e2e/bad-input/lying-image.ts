import {
  type Blob,
  descriptorOf,
  type ImageManifest,
  type ImageOptions,
  imageOf,
  jsonBlob,
  type LayerInput,
  sha256Of,
  type TestImage,
  type TestLayer,
} from "@plimsoll/testkit";

/** What an image says against better knowledge. */
export interface Lies extends ImageOptions {
  /** Blobs that travel instead of the layers at these indexes; their own digests and sizes are told truly. */
  readonly layers?: Readonly<Record<number, Buffer>>;
  /** Blobs that travel under the digests and sizes of the layers at these indexes. */
  readonly swapped?: Readonly<Record<number, Buffer>>;
  /** diffIDs the configuration tells instead. */
  readonly diffIds?: Readonly<Record<number, string>>;
}

/** An image that lies about its layers, with all digests above the lie consistent: the lie itself must be found. */
export function lyingImage(inputs: readonly LayerInput[], lies: Lies = {}): TestImage {
  const honest = imageOf(inputs, lies);
  const layers = honest.layers.map((layer, index): TestLayer => {
    const bytes = lies.layers?.[index];
    const told = bytes === undefined ? layer : { ...layer, bytes, digest: sha256Of(bytes) };
    return { ...told, diffId: (lies.diffIds?.[index] ?? told.diffId) as TestLayer["diffId"] };
  });
  const config = configWith(honest.config, layers);
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: honest.manifest.mediaType,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
  };
  return {
    ...honest,
    imageId: config.digest,
    config,
    layers: layers.map((layer, index) => ({ ...layer, bytes: lies.swapped?.[index] ?? layer.bytes })),
    manifest: jsonBlob(lies.manifest?.(manifest) ?? manifest, manifest.mediaType),
  };
}

function configWith(config: Blob, layers: readonly TestLayer[]): Blob {
  const document = JSON.parse(config.bytes.toString("utf8")) as object;
  const rootfs = { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) };
  return jsonBlob({ ...document, rootfs }, config.mediaType);
}

/** A tar of that many empty files with names of their own, the first numbered `from`, made in one buffer. */
export function manyEntriesTar(count: number, from = 0): Buffer {
  const tar = Buffer.alloc(count * 512 + 1024);
  const block = headerTemplate();
  for (let place = 0; place < count; place++) {
    const index = from + place;
    block.write(`srv/${String(index % 1000).padStart(4, "0")}/file-${String(index).padStart(8, "0")}.txt`, 0, "latin1");
    block.fill(32, 148, 156);
    let sum = 0;
    for (const byte of block) sum += byte;
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    block.copy(tar, place * 512);
  }
  return tar;
}

function headerTemplate(): Buffer {
  const block = Buffer.alloc(512);
  block.write("0000644\0", 100, "latin1");
  block.write("0000000\0", 108, "latin1");
  block.write("0000000\0", 116, "latin1");
  block.write("00000000000\0", 124, "latin1");
  block.write("14524770400\0", 136, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  return block;
}
