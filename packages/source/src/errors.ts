import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** Everything that can stop the reading of an image, directory or host. Exit 2: the reference or a parameter is wrong; 3: it could not be done. */
export const sourceErrors = {
  TAR_CORRUPT: {
    message: "{label} is not a valid tar archive: {reason} at byte {offset}",
    next: "pull or save the image again and compare its digest: the data is damaged",
    exit: 3,
    status: 422,
  },
  TAR_TRUNCATED: {
    message: "{label} ends in the middle of an entry, after {offset} bytes",
    next: "pull or save the image again: the copy is incomplete",
    exit: 3,
    status: 422,
  },
  TAR_UNREADABLE_ENTRY: {
    message: "a file of the archive cannot be read: {reason} ({path})",
    next: "fetch the archive again, or leave it out",
    exit: 3,
    status: 422,
  },
  LAYER_TOO_LARGE: {
    message: "{label} unpacks to more than {limit} bytes",
    next: "raise the limit on layer bytes if the image is trusted",
    exit: 3,
    status: 422,
  },
  COMPRESSION_TRUNCATED: {
    message: "{label} ends too early: its {compression} stream is not complete",
    next: "pull or save the image again: the copy is incomplete",
    exit: 3,
    status: 422,
  },
  COMPRESSION_CORRUPT: {
    message: "{label} cannot be unpacked: its {compression} stream is damaged ({reason})",
    next: "pull or save the image again and compare its digest: the data is damaged",
    exit: 3,
    status: 422,
  },
  COMPRESSION_UNSUPPORTED: {
    message: "{label} is packed with {compression}, which container images do not use",
    next: "unpack it first, or pack it with gzip or zstd",
    exit: 3,
    status: 422,
  },
  COMPRESSION_RATIO: {
    message: "{label} unpacks to more than {ratio} times its size",
    next: "this is how decompression bombs look: raise the limit on the ratio only if the image is trusted",
    exit: 3,
    status: 422,
  },
  DIGEST_MISMATCH: {
    message: "{label} is not what its digest says: expected {expected}, found {found}",
    next: "pull or save the image again; if it persists, the image was damaged or changed on the way",
    exit: 3,
    status: 422,
  },
  DIFF_ID_MISMATCH: {
    message: "{label} does not unpack to what the image's configuration says: expected {expected}, found {found}",
    next: "pull or save the image again; if it persists, whoever built it must build it anew",
    exit: 3,
    status: 422,
  },
  SIZE_MISMATCH: {
    message: "{label} has {found} bytes instead of the {expected} its description says",
    next: "pull or save the image again; if it persists, the image was damaged or changed on the way",
    exit: 3,
    status: 422,
  },
  IMAGE_TOO_LARGE: {
    message: "the image unpacks to more than {limit} bytes",
    next: "raise the limit on image bytes if the image is trusted",
    exit: 3,
    status: 422,
  },
  TOO_MANY_LAYERS: {
    message: "{name} has {count} layers, more than {limit}",
    next: "raise the limit on layers if the image is trusted",
    exit: 3,
    status: 422,
  },
  DOCUMENT_INVALID: {
    message: "the manifest or configuration of {name} cannot be used: {reason}",
    next: "build or pull the image again; if it persists, its builder or registry writes it wrongly",
    exit: 3,
    status: 422,
  },
  SCHEMA1_UNSUPPORTED: {
    message: "{name} has a manifest of the old schema 1, which carries no verifiable layers",
    next: "push it again with a current docker, podman or skopeo (`skopeo copy --format v2s2`)",
    exit: 3,
    status: 422,
  },
  NOT_AN_IMAGE: {
    message: "{name} is not a container image but another kind of artifact",
    next: "check the reference: charts, signatures and attestations lie in registries beside images",
    exit: 3,
    status: 422,
  },
  INVALID_PLATFORM: {
    message: "not a platform: {platform}",
    next: "write os/architecture[/variant], for example linux/arm64",
    exit: 2,
    status: 400,
  },
  PLATFORM_NOT_FOUND: {
    message: "{name} has no image for {platform} (there is: {offered})",
    next: "choose one of them with --platform",
    exit: 2,
    status: 404,
  },
  AMBIGUOUS_IMAGE: {
    message: "{name} holds several images: {found}",
    next: "name one of them behind the path, as PATH:TAG",
    exit: 2,
    status: 400,
  },
  NOT_IN_ARCHIVE: {
    message: "{name} holds no image {wanted} (there is: {found})",
    next: "name one of them behind the path, as PATH:TAG",
    exit: 2,
    status: 404,
  },
  ARCHIVE_TOO_LARGE: {
    message: "{path} lists more than {limit} files, which no image archive does",
    next: "check that it was written by docker save, podman save, skopeo or buildx",
    exit: 3,
    status: 422,
  },
  FILE_NOT_FOUND: {
    message: "no such file or folder: {path}",
    next: "check the path",
    exit: 2,
    status: 404,
  },
  NOT_A_FILE: {
    message: "not a regular file: {path}",
    next: "name an archive written by docker save or an OCI layout, or use dir:PATH for a file system",
    exit: 2,
    status: 400,
  },
  FILE_UNREADABLE: {
    message: "{path} cannot be read: {reason}",
    next: "check its permissions",
    exit: 3,
    status: 500,
  },
  FILE_SHRANK: {
    message: "{path} became shorter while it was read",
    next: "wait until whatever writes it has finished, then try again",
    exit: 3,
    status: 500,
  },
  INVALID_REFERENCE: {
    message: "not an image reference: {reference} ({reason})",
    next: "write [registry/]repository[:tag][@sha256:…], for example docker.io/library/alpine:3.20",
    exit: 2,
    status: 400,
  },
  NOT_AN_ARCHIVE: {
    message: "{path} is neither a docker archive nor an OCI layout",
    next: "write one with docker save or skopeo copy, or use dir:PATH to scan a folder's files",
    exit: 2,
    status: 400,
  },
} as const satisfies ErrorTable;

/** Makes a `PlimsollError` of this room's table. */
export const sourceError = errorMaker(sourceErrors);
