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
} as const satisfies ErrorTable;

/** Makes a `PlimsollError` of this room's table. */
export const sourceError = errorMaker(sourceErrors);
