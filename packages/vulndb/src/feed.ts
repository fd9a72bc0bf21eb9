import type { HttpClient } from "@plimsoll/kit";
import type { FeedRecord, Problem } from "@plimsoll/model";

/** One file of a feed, out of an archive or from a folder; decompressed already. */
export interface FeedFile {
  /** Path inside its archive, or file name. */
  readonly path: string;
  /** Whole content as UTF-8. Only for feeds with many small files. */
  text(): Promise<string>;
  /** Content as it comes, for files of tens of megabytes. */
  stream(): AsyncIterable<Uint8Array>;
}

/** What recognition sees of a file. */
export interface FeedSample {
  readonly path: string;
  /** First 64 kB as text. */
  readonly head: string;
}

/** Remembered of the last good fetch of one URL: what conditional requests need. */
export interface Fingerprint {
  readonly url: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly sha256: string;
  readonly bytes: number;
  /** RFC 3339. */
  readonly fetchedAt: string;
}

/** One upstream document to keep a copy of. */
export interface Upstream {
  readonly url: string;
  /** File name in the feed's folder of downloads. */
  readonly file: string;
  /** Ecosystem keys the document speaks for (`debian:12`, `npm`); empty = enrichment, wanted always. */
  readonly ecosystems: readonly string[];
  /** Upstream may not have it (a branch without that repository, a year not begun): 404 is no failure. */
  readonly optional?: boolean;
  /** Days for which a copy needs no check, because another document brings the changes since (NVD's `modified` file). */
  readonly freshDays?: number;
}

/** The date of a document that says how old its data is (OVAL generator time, catalogue release, …), where its records do not. */
export interface Dated {
  readonly kind: "dated";
  /** RFC 3339 or YYYY-MM-DD; never the time of download. */
  readonly date: string;
  /** Ecosystem key (`debian:12`) the document speaks for; absent = the whole feed. */
  readonly ecosystem?: string;
}

/** One upstream source. `parse` never touches the network, fetching never parses. */
export interface Feed {
  /** kebab-case, e.g. `ghsa`, `alpine-secdb`, `nvd`. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly licence: string;
  /** Terms allow shipping its facts in the starter database (decision 8). */
  readonly redistributable: boolean;
  readonly provides: "advisories" | "enrichment";
  /** By content, not by archive name: whether this feed understands the file. */
  recognises(sample: FeedSample): boolean;
  /** Facts of one file; bad records become Problems (level `warning`, feed set), never an exception for bad content. */
  parse(file: FeedFile): AsyncIterable<FeedRecord | Dated | Problem>;
  /** Where production gets it from; absent for feeds only imported from files. May ask upstream for an index of files. `now`: ms since the epoch. */
  upstream?(http: HttpClient, wanted: readonly string[], now: number): Promise<readonly Upstream[]>;
}
