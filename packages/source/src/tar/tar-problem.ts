import type { Problem } from "@plimsoll/model";

/** Something of the layer was not read. */
export function incomplete(code: string, message: string): Problem {
  return { level: "incomplete", code, message };
}

/** Nothing is lost by it. */
export function note(code: string, message: string): Problem {
  return { level: "note", code, message };
}
