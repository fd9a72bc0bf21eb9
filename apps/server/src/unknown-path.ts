import { type PlimsollError, plainText } from "@plimsoll/kit";
import { platformError } from "@plimsoll/platform";
import { serverError } from "./errors.ts";
import type { Route } from "./route.ts";

/** Why a request met no endpoint. */
export interface Unknown {
  readonly error: PlimsollError;
  /** Methods that its path takes; empty: there is no such path. */
  readonly allowed: readonly string[];
}

/** Tells a path that nothing has from one that takes other methods. */
export function unknownPaths(
  routes: readonly Pick<Route, "method" | "path">[],
): (method: string, url: string) => Unknown {
  const patterns = routes.map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  return (method, url) => {
    const path = (url.split(/[?#]/, 1)[0] ?? "").replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
    const methods = new Set(patterns.filter(({ pattern }) => pattern.test(path)).map((route) => route.method));
    const allowed = [...methods].flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one])).sort();
    if (allowed.length === 0) return { error: platformError("NOT_FOUND", { fields: { what: "endpoint" } }), allowed };
    const fields = { method: plainText(method, 20), allowed: allowed.join(", ") };
    return { error: serverError("METHOD_NOT_ALLOWED", { fields }), allowed };
  };
}

function patternOf(path: string): RegExp {
  const parts = path.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : RegExp.escape(part)));
  return new RegExp(`^${parts.join("/")}$`);
}
