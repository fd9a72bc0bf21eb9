import type { Report, Sbom } from "@plimsoll/model";
import type { SarifOptions } from "./sarif/sarif-options.ts";

/** Who writes, when, and how it should look. Nothing of it is read from the environment. */
export interface WriteOptions {
  readonly scanner: { readonly name: string; readonly version: string };
  /** RFC 3339 moment at which the scan began. */
  readonly scanTime: string;
  readonly scanDurationMs: number;
  /** Shown instead of the source's own name (`--override-pullstring`). */
  readonly pullString?: string;
  /** Ids of packages that are in use where it runs; absent: nobody looked. */
  readonly inUse?: ReadonlySet<string>;
  /** Layer data in documents that leave it out by default (v0, `--separate-by-layer`). */
  readonly layers?: boolean;
  readonly text: TextOptions;
  /** What a SARIF log leaves out; by default nothing (`--sarif`). */
  readonly sarif?: SarifOptions;
}

/** How text for people is laid out. */
export interface TextOptions {
  /** Width to fill, at least 40. */
  readonly columns: number;
  readonly colors: boolean;
  /** One row for every finding (`--full-vulns-table`). */
  readonly everyFinding: boolean;
  /** Every rule with every violation (`--detailed-policies-eval`). */
  readonly everyRule: boolean;
  /** `--separate-by-layer`, `--separate-by-image`. */
  readonly groupBy: "nothing" | "layer" | "image";
  /** The reference's words and tables (spec 7.5), for readers that know those. */
  readonly reference: boolean;
}

/** Writes a report. One folder each, one line in `formats.ts`. */
export interface ReportFormat {
  /** kebab-case; what `--output` calls it. */
  readonly name: string;
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  /** The whole document, ending in a newline; the same bytes for the same arguments. */
  write(report: Report, options: WriteOptions): string;
  /** The document of a scan that could not be done. Only where no reader takes it for a clean one (docs/decisions/0016). */
  writeFailure?(failure: ScanFailure, options: WriteOptions): string;
}

/** A scan that could not be done: nothing was judged. */
export interface ScanFailure {
  /** What was to be scanned, as it was named. */
  readonly source: string;
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** Who writes an SBOM. */
export interface SbomOptions {
  readonly tool: { readonly name: string; readonly version: string };
  /** Shown instead of the source's own name. */
  readonly pullString?: string;
  /** UUID that names the document where its format has such a name; absent: one that follows from its content. */
  readonly serial?: string;
}

/** Writes an SBOM, and may read it back. One folder each, one line in `formats.ts`. */
export interface SbomFormat {
  readonly name: string;
  readonly mediaType: string;
  readonly extension: string;
  /** The whole document, ending in a newline; the same bytes for the same arguments. */
  write(sbom: Sbom, options: SbomOptions): string;
  /** The same text piece by piece, for documents too large to be held twice. */
  pieces?(sbom: Sbom, options: SbomOptions): Iterable<string>;
  /** Reads such a document; throws a `PlimsollError` (`BAD_SBOM`, `NEWER_SBOM`) for anything else. */
  read?(text: string): Sbom;
}
