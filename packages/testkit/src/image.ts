import { type Bytes, bytesOf, sha256Of } from "./bytes.ts";
import { gzipOf, zstdOf } from "./compress.ts";
import { type TarEntry, tarOf } from "./tar.ts";

/** How layer blobs are stored and named. */
export type LayerCompression = "gzip" | "zstd" | "none";

/** Docker's or the OCI's media types in manifest, config and layers. */
export type MediaTypeFamily = "oci" | "docker";

/** One layer to build: tar entries, or a finished tar. */
export type LayerInput = readonly TarEntry[] | Uint8Array;

/** What varies about a test image; each field has a default. */
export type ImageOptions = {
  readonly compression?: LayerCompression;
  readonly mediaTypes?: MediaTypeFamily;
  readonly architecture?: string;
  readonly variant?: string;
  readonly os?: string;
  /** `config` object of the image config: Env, Labels, User, Cmd, … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly created?: string;
  /** `created_by` of each layer's history line; the default is "layer N". */
  readonly createdBy?: readonly string[];
  /** Changes the manifest before it is serialised (to lie about sizes, digests, types). */
  readonly manifest?: (manifest: ImageManifest) => unknown;
};

/** A content-addressed blob. */
export type Blob = { readonly digest: `sha256:${string}`; readonly mediaType: string; readonly bytes: Buffer };

/** A layer in its three shapes: what it holds, how it is shipped, what both are called. */
export type TestLayer = Blob & { readonly tar: Buffer; readonly diffId: `sha256:${string}` };

/** The descriptor shape of the OCI image specification. */
export type Descriptor = { mediaType: string; digest: string; size: number };

/** The parts of an image manifest that tests change. */
export type ImageManifest = { schemaVersion: 2; mediaType: string; config: Descriptor; layers: Descriptor[] };

/** A complete image: every blob with its digest. */
export type TestImage = {
  readonly imageId: `sha256:${string}`;
  readonly config: Blob;
  readonly layers: readonly TestLayer[];
  readonly manifest: Blob;
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
};

/** Builds an image from layers, lowest first. The same input gives the same digests. */
export function imageOf(layers: readonly LayerInput[], options: ImageOptions = {}): TestImage {
  const family = options.mediaTypes ?? "oci";
  const built = layers.map((layer) => layerOf(layer, options.compression ?? "gzip", family));
  const platform = {
    os: options.os ?? "linux",
    architecture: options.architecture ?? "amd64",
    ...(options.variant === undefined ? {} : { variant: options.variant }),
  };
  const config = jsonBlob(configOf(built, options, platform), mediaTypes[family].config);
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes[family].manifest,
    config: descriptorOf(config),
    layers: built.map(descriptorOf),
  };
  return {
    imageId: config.digest,
    config,
    layers: built,
    manifest: jsonBlob(options.manifest?.(manifest) ?? manifest, manifest.mediaType),
    platform,
  };
}

/** An image index (multi-platform) over images, in their order. */
export function indexOf(images: readonly TestImage[], family: MediaTypeFamily = "oci"): Blob {
  const manifests = images.map((image) => ({ ...descriptorOf(image.manifest), platform: image.platform }));
  return jsonBlob({ schemaVersion: 2, mediaType: mediaTypes[family].index, manifests }, mediaTypes[family].index);
}

/** What `docker save` writes (manifest.json, config, uncompressed layers) as one tar. */
export function dockerArchiveOf(images: readonly (TestImage & { readonly tags?: readonly string[] })[]): Buffer {
  const files = new Map<string, Buffer>();
  const manifest = images.map((image) => {
    for (const layer of image.layers) files.set(`${hexOf(layer.diffId)}/layer.tar`, layer.tar);
    files.set(`${hexOf(image.imageId)}.json`, image.config.bytes);
    return {
      Config: `${hexOf(image.imageId)}.json`,
      RepoTags: image.tags ?? [],
      Layers: image.layers.map((layer) => `${hexOf(layer.diffId)}/layer.tar`),
    };
  });
  files.set("manifest.json", Buffer.from(JSON.stringify(manifest)));
  return tarOf([...files].map(([path, body]) => ({ path, body })));
}

/** The files of an OCI image layout: relative path → content. `tag` becomes `org.opencontainers.image.ref.name`. */
export function ociLayoutOf(images: readonly (TestImage & { readonly tag?: string })[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const manifests = images.map((image) => {
    for (const blob of [...image.layers, image.config, image.manifest]) files.set(blobPath(blob), blob.bytes);
    const annotations = image.tag === undefined ? {} : { "org.opencontainers.image.ref.name": image.tag };
    return { ...descriptorOf(image.manifest), platform: image.platform, annotations };
  });
  files.set("oci-layout", Buffer.from(JSON.stringify({ imageLayoutVersion: "1.0.0" })));
  files.set(
    "index.json",
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests })),
  );
  return files;
}

/** An OCI image layout as one tar. */
export function ociArchiveOf(images: readonly (TestImage & { readonly tag?: string })[]): Buffer {
  return tarOf([...ociLayoutOf(images)].map(([path, body]) => ({ path, body })));
}

/** A descriptor (media type, digest, size) of a blob. */
export function descriptorOf(blob: Blob): Descriptor {
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.bytes.length };
}

/** A JSON document as a blob under its own digest. */
export function jsonBlob(value: unknown, mediaType: string): Blob {
  const bytes = bytesOf(JSON.stringify(value));
  return { digest: sha256Of(bytes), mediaType, bytes };
}

const mediaTypes = {
  oci: {
    index: "application/vnd.oci.image.index.v1+json",
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: {
      none: "application/vnd.oci.image.layer.v1.tar",
      gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
      zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
    },
  },
  docker: {
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: {
      none: "application/vnd.docker.image.rootfs.diff.tar",
      gzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
      zstd: "application/vnd.docker.image.rootfs.diff.tar.zstd",
    },
  },
} as const;

function layerOf(input: LayerInput, compression: LayerCompression, family: MediaTypeFamily): TestLayer {
  const tar = input instanceof Uint8Array ? Buffer.from(input) : tarOf(input);
  const bytes = compressors[compression](tar);
  return {
    tar,
    diffId: sha256Of(tar),
    bytes,
    digest: sha256Of(bytes),
    mediaType: mediaTypes[family].layer[compression],
  };
}

const compressors = {
  gzip: (tar: Bytes) => gzipOf(tar),
  zstd: (tar: Bytes) => zstdOf(tar),
  none: (tar: Bytes) => bytesOf(tar),
} as const;

function configOf(layers: readonly TestLayer[], options: ImageOptions, platform: TestImage["platform"]): unknown {
  const created = options.created ?? "2026-01-02T03:04:05Z";
  return {
    ...platform,
    created,
    config: options.config ?? {},
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((_, index) => ({ created, created_by: options.createdBy?.[index] ?? `layer ${index}` })),
  };
}

function blobPath(blob: Blob): string {
  return `blobs/sha256/${hexOf(blob.digest)}`;
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}
