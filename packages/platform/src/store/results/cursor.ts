import { digestOf } from "@plimsoll/model";
import { platformError } from "../../errors.ts";

/** Where a walk through a list stands: the sort keys of the last row given. */
export type Position = readonly (string | number)[];

/** Opaque for clients, bound to the list it walks (filter, order): elsewhere it is refused (decision 17). */
export function cursorText(list: readonly unknown[], position: Position): string {
  return Buffer.from(JSON.stringify([1, bindingOf(list), ...position])).toString("base64url");
}

/** Reads a cursor of this list with keys of these kinds. Throws BAD_CURSOR. */
export function cursorPosition(
  text: string,
  list: readonly unknown[],
  kinds: readonly ("string" | "number")[],
): Position {
  const parsed = parse(text);
  const [version, binding, ...keys] = Array.isArray(parsed) ? parsed : [];
  const isOurs = version === 1 && binding === bindingOf(list) && keys.length === kinds.length;
  if (!isOurs || !keys.every((key, at) => typeof key === kinds[at])) throw platformError("BAD_CURSOR");
  return keys;
}

function bindingOf(list: readonly unknown[]): string {
  return digestOf(JSON.stringify(list)).slice("sha256:".length, "sha256:".length + 16);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
