/** How far a file of a revision has come. */
export interface InstallProgress {
  readonly file: string;
  readonly bytes: number;
  readonly totalBytes: number;
}
