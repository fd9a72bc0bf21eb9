import type { Job } from "@plimsoll/contract";

/** The image that a scan is of, in full: what it is kept by begins with it. */
export function imageOf({ key, summary }: Pick<Job, "key" | "summary">): string {
  return typeof summary?.image === "string" ? summary.image : (key.split(" ", 1)[0] ?? key);
}

/** `HOST[:PORT]/REPOSITORY` of a full image name: what a credential is for. */
export function placeOf(image: string): string {
  const name = image.split("@", 1)[0] ?? image;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
