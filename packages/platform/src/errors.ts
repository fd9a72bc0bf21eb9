import { type ErrorTable, errorMaker } from "@plimsoll/kit";
import { identityErrors } from "./identity-errors.ts";
import { inventoryErrors } from "./inventory-errors.ts";
import { jobErrors } from "./job-errors.ts";
import { registryErrors } from "./registry-errors.ts";
import { storeErrors } from "./store-errors.ts";

/** Everything this room throws. */
export const platformErrors = {
  ...storeErrors,
  ...identityErrors,
  ...registryErrors,
  ...inventoryErrors,
  ...jobErrors,
  NOT_FOUND: {
    message: "there is no such {what}",
    next: "check the id; it may have been deleted",
    exit: 3,
    status: 404,
  },
  UPLOAD_GAP: {
    message: "{received} bytes of this upload are here, and this piece begins elsewhere",
    next: "ask how far it came (HEAD) and go on from there",
    exit: 3,
    status: 409,
  },
  UPLOAD_TOO_LARGE: {
    message: "an upload may have {limit} bytes at most",
    next: "send parts of it apart",
    exit: 3,
    status: 413,
  },
  UPLOAD_DAMAGED: {
    message: "what was uploaded is not what {sha256} names",
    next: "send it again from its beginning",
    exit: 3,
    status: 400,
  },
  UPLOAD_UNREADABLE: {
    message: "the upload {sha256} cannot be unpacked: {why}",
    next: "send an SBOM compressed with zstd",
    exit: 3,
    status: 400,
  },
  BAD_VALUE: {
    message: "{field} cannot be this: {why}",
    next: "correct it and send the request again",
    exit: 2,
    status: 400,
  },
  NOTHING_SENT: {
    message: "neither an upload nor an analysis is named",
    next: "send `upload` or `analysis`",
    exit: 2,
    status: 400,
  },
  SHAPING_UNKNOWN: {
    message: "layers read by another version of the scanner are not understood here",
    next: "send the whole SBOM, or use a scanner of this server's version",
    exit: 3,
    status: 400,
  },
  ANALYSIS_UNREADABLE: {
    message: "the analysis cannot be read: {why}",
    next: "send the whole SBOM; if this happens again, report it as a bug",
    exit: 3,
    status: 400,
  },
  LAYERS_UNKNOWN: {
    message: "{count} of its layers are not known to this token",
    next: "ask again which layers are known, and send the others",
    exit: 3,
    status: 404,
  },
  BAD_FILTER: {
    message: "the filter cannot be read: {why}",
    next: 'write it like name = "x" and other in ("y", "z")',
    exit: 2,
    status: 400,
  },
  UNKNOWN_FIELD: {
    message: "nothing can be filtered by {field} here",
    next: "use one of: {fields}",
    exit: 2,
    status: 400,
  },
  BAD_CURSOR: {
    message: "this cursor is not of this list",
    next: "begin again without a cursor; keep filter and order while walking",
    exit: 2,
    status: 400,
  },
  SBOM_UNNAMED: {
    message: "which SBOM is not said",
    next: "send bomIdentifier, or assetId with assetType=container-image or host",
    exit: 2,
    status: 400,
  },
  NOT_BUILT: {
    message: "this version does not have it yet: {what}",
    next: "{when}",
    exit: 3,
    status: 501,
  },
  OVERLOADED: {
    message: "too much is being sent at once",
    next: "send it again in {seconds} s",
    exit: 3,
    status: 503,
  },
  BUSY: {
    message: "knowledge changes faster than this can be answered",
    next: "try again in a moment",
    exit: 3,
    status: 503,
  },
} as const satisfies ErrorTable;

/** `throw platformError("STORE_IN_USE", { fields: { pid, folder } })`. */
export const platformError = errorMaker(platformErrors);
