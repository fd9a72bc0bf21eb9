import { programRevision, shapingOf } from "@plimsoll/catalog";

/** What shapes this program's layer documents. */
export function ownShaping(): string {
  return shapingOf(programRevision);
}
