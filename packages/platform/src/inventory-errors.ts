import type { ErrorTable } from "@plimsoll/kit";

/** What snapshots of collectors can meet. */
export const inventoryErrors = {
  SNAPSHOT_TOO_LARGE: {
    message: "the snapshot has more than {limit} {what}",
    next: "let several sources say it: one for each cluster, or one for each part of it",
    exit: 2,
    status: 400,
  },
  SNAPSHOT_UNREADABLE: {
    message: "part {part} of the snapshot cannot be read: {why}",
    next: "send the snapshot again, under another id",
    exit: 2,
    status: 400,
  },
  SNAPSHOT_PARTS_MISSING: {
    message: "of the snapshot's {parts} parts {missing} are not here",
    next: "send them, then end the snapshot again; nothing was changed",
    exit: 2,
    status: 400,
  },
  SNAPSHOT_PART_DIFFERS: {
    message: "part {part} of the snapshot is here already and says something else",
    next: "send the snapshot again, under another id",
    exit: 2,
    status: 400,
  },
  SNAPSHOTS_OPEN: {
    message: "{limit} snapshots were begun and not ended",
    next: "end them first; those that are never ended are dropped after a day",
    exit: 2,
    status: 429,
  },
  SNAPSHOT_BUSY: {
    message: "another snapshot of this source is being taken",
    next: "send this one again in a moment",
    exit: 3,
    status: 503,
  },
} as const satisfies ErrorTable;
