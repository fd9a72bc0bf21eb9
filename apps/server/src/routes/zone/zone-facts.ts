import type { Zone } from "@plimsoll/platform";

/** What both versions of the API say of a zone. */
export function zoneFacts({ id, name, description, author, updatedBy, updatedAt, isSystem }: Zone) {
  return { id, name, description, author, lastModifiedBy: updatedBy, lastUpdated: updatedAt.getTime(), isSystem };
}

/** Ids of a zone's filters, unlike those of all others. */
export function filterId({ id }: Zone, at: number): number {
  return id * 1000 + at;
}
