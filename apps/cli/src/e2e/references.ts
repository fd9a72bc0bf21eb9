import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import type { ContainerEngines, Engines } from "@plimsoll/testkit";

/** How to name an image, and the file that comes on standard input where that is `-`. */
export interface Place {
  readonly reference: string;
  readonly stdin?: string;
}

/**
 * Every way to name the image that the daemon holds as `image`: archive, plain, packed and through a pipe, both OCI
 * layouts, registry, docker's and podman's sockets, image store, containerd.
 */
export async function referencesTo(
  image: string,
  { folder, registry, run }: Engines,
  containers: ContainerEngines,
): Promise<Record<string, Place>> {
  const place = join(folder, image.replaceAll(/[^\w.-]/g, "-"));
  const saved = `${place}.tar`;
  await run("docker", ["save", "-o", saved, image]);
  const copy = (source: string, target: string) =>
    run("skopeo", ["copy", "-q", "--dest-tls-verify=false", source, target]);
  // Compressed once: the rest are copies of the layout.
  await copy(`docker-archive:${saved}`, `oci:${place}-layout:it`);
  await Promise.all([
    copy(`oci:${place}-layout:it`, `oci-archive:${place}-layout.tar:it`),
    copy(`oci:${place}-layout:it`, `docker://${registry}/${image}`),
    containers.load(saved, image),
    pipeline(createReadStream(saved), createGzip({ level: 1 }), createWriteStream(`${saved}.gz`)),
    pipeline(createReadStream(saved), createZstdCompress(fast), createWriteStream(`${saved}.zst`)),
  ]);
  return {
    archive: { reference: `file://${saved}` },
    gzip: { reference: `${saved}.gz` },
    zstd: { reference: `docker-archive:${saved}.zst` },
    stdin: { reference: "-", stdin: saved },
    stdinGzip: { reference: "file:///dev/stdin", stdin: `${saved}.gz` },
    stdinLayout: { reference: "oci-archive:-", stdin: `${place}-layout.tar` },
    layout: { reference: `oci:${place}-layout:it` },
    layoutArchive: { reference: `oci-archive:${place}-layout.tar:it` },
    registry: { reference: `pull://${registry}/${image}` },
    daemon: { reference: `docker://${image}` },
    podman: { reference: `podman://${image}` },
    store: { reference: `crio://${image}` },
    containerd: { reference: `containerd://${image}` },
  };
}

const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
