import type { Affected, Severity } from "@plimsoll/model";
import type { JsonObject } from "../records/json-value.ts";

/** What differs between publishers of OSV documents. */
export interface OsvProfile {
  /** Feed id. */
  readonly feed: string;
  /** Provider key of reports. */
  readonly provider: string;
  /** Whether a document id is one of this publisher's. */
  readonly ids: RegExp;
  /** The publisher's severity word, as a severity. */
  readonly severity?: (document: JsonObject) => Severity | undefined;
  /** Errata: `related` (or aliases) name the flaws, the id names none, and a document without a CVE is no advisory. */
  readonly errata?: boolean;
  /** rpm module label of the packages, `name:stream`. */
  readonly module?: (document: JsonObject) => string | undefined;
  /** Whether the document speaks of a flaw at all. Default: yes. */
  readonly isFlaw?: (document: JsonObject) => boolean;
  /** Whether its own text withdraws the document: for mirrors that leave the field out. */
  readonly isWithdrawn?: (document: JsonObject) => boolean;
  /** Corrects what the publisher says about packages. */
  readonly tidy?: (affected: readonly Affected[]) => Affected[];
}
