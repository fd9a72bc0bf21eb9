import { plainEvr } from "../../rpm/nevra.ts";

/** An rpm as Red Hat's product ids name it. */
export interface RpmComponent {
  readonly name: string;
  /** "" where the statement is about every version. */
  readonly version: string;
  readonly isSource: boolean;
  /** `name:stream`. */
  readonly module?: string;
}

/**
 * Reads `pkg:rpm/redhat/NAME[@VERSION-RELEASE][?arch=src&epoch=1&rpmmod=NAME:STREAM[:VERSION:CONTEXT]]` (purl-spec,
 * rpm type); `null` for other packages, and for what is built into a flatpak.
 */
export function rpmComponentOf(purl: string): RpmComponent | null {
  const match = /^pkg:rpm\/redhat\/([\w.+%~-]{1,200})(?:@([^?#]{1,300}))?(?:\?([^#]{1,500}))?$/.exec(purl);
  if (match === null) return null;
  const name = decoded(match[1] ?? "");
  const qualifiers = new URLSearchParams(match[3]?.replaceAll("+", "%2B"));
  const written = match[2] === undefined ? null : `${qualifiers.get("epoch") ?? "0"}:${decoded(match[2])}`;
  const version = written === null ? "" : plainEvr(written);
  if (version === null || !/^[A-Za-z0-9][\w.+~-]*$/.test(name)) return null;
  const label = qualifiers.get("rpmmod");
  if (label === null) return { name, version, isSource: qualifiers.get("arch") === "src" };
  const module = /^([\w.+-]{1,100}:[\w.+-]{1,100})(?::|$)/.exec(label)?.[1];
  if (module === undefined || module.endsWith(":flatpak")) return null;
  return { name, version, isSource: qualifiers.get("arch") === "src", module };
}

/** Reads the name of a component that bears no purl: `name`, or `module:stream/name`, of a source package; `null` for images and builds. */
export function namedComponentOf(text: string): RpmComponent | null {
  const match = /^(?:([\w.+-]{1,100}:[\w.+-]{1,100})\/)?([A-Za-z0-9][\w.+-]{0,199})$/.exec(text);
  if (match === null || text.endsWith(".src") || match[1]?.endsWith(":flatpak") === true) return null;
  return { name: match[2] ?? "", version: "", isSource: true, ...(match[1] !== undefined && { module: match[1] }) };
}

/** `postgresql:13` out of `pkg:rpmmod/redhat/postgresql@13:8080020230628151207:63b34585`. */
export function moduleOf(purl: string): string | undefined {
  const [, name, stream] = /^pkg:rpmmod\/redhat\/([\w.+%-]{1,100})@([\w.+%-]{1,100})(?::|%3A|$)/i.exec(purl) ?? [];
  return name === undefined || stream === undefined ? undefined : `${decoded(name)}:${decoded(stream)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
