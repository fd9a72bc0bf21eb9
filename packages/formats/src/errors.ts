import { type ErrorTable, errorMaker } from "@plimsoll/kit";

/** What can go wrong when a document is read. */
export const formatErrors = {
  BAD_SBOM: {
    message: "not a readable Plimsoll SBOM: {why}",
    next: "write it again with: plimsoll sbom IMAGE --output plimsoll-json=FILE",
    exit: 3,
    status: 400,
  },
  NEWER_SBOM: {
    message: "the SBOM has schema version {version}; this program reads version {known}",
    next: "upgrade plimsoll, or write the SBOM again with this version",
    exit: 3,
    status: 400,
  },
  UNKNOWN_SBOM: {
    message: "not an SBOM that can be read: {why}",
    next: "give CycloneDX JSON or XML, SPDX 2.2 or 2.3 JSON, or a document of plimsoll sbom",
    exit: 3,
    status: 400,
  },
  BAD_REPORT: {
    message: "not a report that can be compared with: {why}",
    next: "give JSON v1 or v0 as plimsoll scan --output json writes it, an SBOM, or the image itself",
    exit: 3,
    status: 400,
  },
  BAD_SARIF_SETTING: {
    message: "{setting} is no setting of a SARIF log",
    next: "use min-severity=WORD, type=LIST, not-type=LIST, path=PREFIX, exclude-accepted, group-by-package or include-absent",
    exit: 2,
    status: 400,
  },
} as const satisfies ErrorTable;

export const formatError = errorMaker(formatErrors);
