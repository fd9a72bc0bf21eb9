/** A place in the program at which tests let something die. */
export type FaultPoint =
  | "upload.piece"
  | "scan.read"
  | "scan.evaluated"
  | "scan.kept"
  | "scan.answer"
  | "scan.accepted"
  | "layers.kept"
  | "scan-now.layers"
  | "scan-now.kept"
  | "rematch.staged"
  | "rematch.judged"
  | "rematch.changed"
  | "rematch.committed"
  | "rematch.sets"
  | "rematch.images"
  | "rematch.adopted"
  | "feeds.fetched"
  | "feeds.building"
  | "feeds.renamed"
  | "feeds.told"
  | "feeds.enqueued"
  | "retention.batch"
  | "retention.layers"
  | "zone.applied"
  | "zone.committed"
  | "backup.table"
  | "restore.table"
  | "restore.loaded"
  | "restore.committed";

let deed: ((point: FaultPoint) => void) | null = null;

/**
 * The program has come to a point. Called as `FAULT: fault("…")` alone: the build drops statements of that label, and with
 * them this file (scripts/build-server.ts), so that what is shipped has no such places.
 */
export function fault(point: FaultPoint): void {
  deed?.(point);
}

/** Says what happens at every point from now on; for processes of tests. */
export function onFault(next: (point: FaultPoint) => void): void {
  deed = next;
}
