import type { Entry } from "@plimsoll/source";
import type { Facts } from "./cataloger.ts";

/** What a device, pipe or socket says that lies where a package database belongs; `null` for files. */
export function oddDatabase(entry: Entry): Facts | null {
  if (entry.type !== "other") return null;
  const message = "a device or pipe lies where the package database belongs: its packages are unknown";
  const next = "find out how the image was made: no package manager writes such a thing";
  return { problems: [{ level: "incomplete", code: "package-database-no-file", message, next }] };
}
