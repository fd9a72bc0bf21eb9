import type { AffectedRange, VersionScheme } from "@plimsoll/model";
import { compareVersions } from "@plimsoll/versions";
import { type JsonObject, objectsOf, textOf } from "../records/json-value.ts";

interface Event {
  readonly type: "introduced" | "fixed" | "lastAffected";
  readonly version: string;
}

/**
 * Intervals of one OSV `affected` entry (OSV schema, "affected[].ranges[].events"): GIT ranges and `limit` events are
 * left out, introduced "0" is the first version of all.
 */
export function rangesOf(scheme: VersionScheme, ranges: unknown): AffectedRange[] {
  return objectsOf(ranges)
    .filter((range) => range.type !== "GIT")
    .flatMap((range) => intervals(inOrder(scheme, objectsOf(range.events).flatMap(eventsOf))));
}

function eventsOf(event: JsonObject): Event[] {
  const introduced = textOf(event.introduced);
  const fixed = textOf(event.fixed);
  const lastAffected = textOf(event.last_affected);
  return [
    ...(introduced === null ? [] : [{ type: "introduced", version: introduced } as const]),
    ...(fixed === null ? [] : [{ type: "fixed", version: fixed } as const]),
    ...(lastAffected === null ? [] : [{ type: "lastAffected", version: lastAffected } as const]),
  ];
}

/** Events may come in any order (OSV schema); most come alternating, which needs no comparing. */
function inOrder(scheme: VersionScheme, events: readonly Event[]): readonly Event[] {
  const alternating = events.every(({ type }, index) => (type === "introduced") === (index % 2 === 0));
  if (alternating) return events;
  return events.toSorted((a, b) => compareEvents(scheme, a, b));
}

function compareEvents(scheme: VersionScheme, a: Event, b: Event): number {
  const [first, second] = [a, b].map(({ type, version }) => type === "introduced" && version === "0");
  if (first === true || second === true) return Number(second) - Number(first);
  const order = compareVersions(scheme, a.version, b.version) ?? 0;
  return order !== 0 ? order : Number(b.type === "fixed") - Number(a.type === "fixed");
}

function intervals(events: readonly Event[]): AffectedRange[] {
  const found: AffectedRange[] = [];
  let open: { introduced?: string } | null = null;
  for (const { type, version } of events) {
    if (type === "introduced") {
      open ??= version === "0" ? {} : { introduced: version };
      continue;
    }
    // A second end behind the first says nothing new; an end without a beginning counts from the first version.
    if (open === null && found.length > 0) continue;
    found.push({ ...open, [type]: version });
    open = null;
  }
  if (open !== null) found.push(open);
  return found;
}
