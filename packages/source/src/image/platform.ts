import { sourceError } from "../errors.ts";

/** What an image runs on, in the words of the OCI image index (GOOS, GOARCH). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Names of architectures elsewhere (uname, Node) → GOARCH, with its variant. */
const aliases: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ["x64", ["amd64"]],
  ["x86_64", ["amd64"]],
  ["x86-64", ["amd64"]],
  ["ia32", ["386"]],
  ["i386", ["386"]],
  ["i686", ["386"]],
  ["aarch64", ["arm64"]],
  ["armhf", ["arm", "v7"]],
  ["armel", ["arm", "v6"]],
  ["ppc64", ["ppc64le"]],
]);

/** Reads `os/architecture[/variant]`, or an architecture alone (then `linux`). Throws INVALID_PLATFORM. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split("/");
  const [os, architecture, variant, ...rest] = parts.length === 1 ? ["linux", ...parts] : parts;
  const wellFormed = parts.every((part) => /^[a-z0-9_.-]{1,32}$/.test(part));
  if (!wellFormed || os === undefined || architecture === undefined || rest.length > 0) {
    throw sourceError("INVALID_PLATFORM", { fields: { platform: text } });
  }
  return platformOf(os, architecture, variant);
}

/** A platform with the architecture's usual name; arm64's `v8` is left out, because it says nothing. */
export function platformOf(os: string, architecture: string, variant?: string): Platform {
  const [name, implied] = aliases.get(architecture) ?? [architecture];
  const told = variant === undefined || variant === "" ? implied : variant;
  const idle = name === "arm64" && told === "v8";
  return { os, architecture: name, ...(told !== undefined && !idle && { variant: told }) };
}

/** `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

/** How well an image's platform serves a wish: 2 exactly, 1 but for the variant, 0 not. */
export function fitOf(wanted: Platform, offered: Platform): 0 | 1 | 2 {
  if (wanted.os !== offered.os || wanted.architecture !== offered.architecture) return 0;
  return wanted.variant === offered.variant ? 2 : 1;
}
