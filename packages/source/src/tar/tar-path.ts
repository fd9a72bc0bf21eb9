const needsCare = /^\/|\/$|\/\/|^\.|\/\.|\0/;

/**
 * A path as entries carry it: no leading or trailing slash, no empty and no `.` segments; `""` is the root. `null` when
 * it holds a `..` segment or a NUL: what an engine makes of such a name depends on the engine.
 */
export function normalPath(raw: string): string | null {
  if (!needsCare.test(raw)) return raw;
  if (raw.includes("\0")) return null;
  const segments = raw.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.includes("..") ? null : segments.join("/");
}

/** What a whiteout entry's name means; `null` for a name that is none. */
export type Whiteout =
  | { readonly kind: "delete" | "opaque"; readonly path: string }
  /** aufs bookkeeping that engines pass over. What lies in such a folder is no such thing: containerd unpacks it. */
  | { readonly kind: "metadata" }
  /** `.wh.` with nothing, `.` or `..` behind it. */
  | { readonly kind: "unsafe" };

/** Reads the marks of OCI image-spec layer.md, "Whiteouts", from a normalised path. */
export function whiteoutOf(path: string): Whiteout | null {
  if (!path.includes(".wh.")) return null;
  const slash = path.lastIndexOf("/") + 1;
  const base = path.slice(slash);
  if (base === ".wh..wh..opq") return { kind: "opaque", path: path.slice(0, Math.max(0, slash - 1)) };
  if (base.startsWith(".wh..wh.")) return { kind: "metadata" };
  if (!base.startsWith(".wh.")) return null;
  const name = base.slice(".wh.".length);
  if (name === "" || name === "." || name === "..") return { kind: "unsafe" };
  return { kind: "delete", path: path.slice(0, slash) + name };
}
