import { formatReference, type ImageReference, readReference } from "@plimsoll/model";
import { sourceError } from "./errors.ts";

export { formatReference, type ImageReference };

/** Reads a reference as {@link readReference} does. Throws INVALID_REFERENCE. */
export function parseReference(text: string): ImageReference {
  const read = readReference(text);
  if (typeof read !== "string") return read;
  throw sourceError("INVALID_REFERENCE", { fields: { reference: shown(text), reason: read } });
}

/** What a user wrote, without the password that some write before the host. */
function shown(text: string): string {
  return text.slice(0, 200).replace(/(?<![^/@\s])[^/@\s]+@(?!sha)/g, "…@");
}

/** One spelling for all ways to write a tagged name (`alpine`, `docker.io/library/alpine:latest`); text that is no reference stays. */
export function familiarTag(text: string): string {
  try {
    return formatReference(parseReference(text));
  } catch {
    return text;
  }
}
