/** What a thread is told to build a database from: plain data. */
export interface BuildTask {
  /** Folder of downloads. */
  readonly feeds: string;
  /** The database; replaced as a whole, by renaming. */
  readonly database: string;
  /** `<feed>/<file>` → when upstream last said that the copy in use is current. */
  readonly checked: ReadonlyMap<string, string>;
  /** ms since the epoch. */
  readonly now: number;
}

export interface BuildStep {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

export interface Built {
  readonly revision: string;
}
