import { advisoryName, ecosystems, type PurlParts, parsePurl } from "@plimsoll/model";

/** A package as somebody names it. */
export interface PackageWanted {
  readonly name: string;
  readonly version?: string;
  /** Ids of ecosystems that it may be of; absent: any. */
  readonly ecosystems?: readonly string[];
}

/** Reads a purl, `name@version` or a name. */
export function packageWanted(text: string): PackageWanted {
  const purl = text.startsWith("pkg:") ? parsePurl(text) : null;
  if (purl !== null) return ofPurl(purl);
  const at = text.lastIndexOf("@");
  // The first character of `@scope/name` begins a name.
  if (at <= 0 || at === text.length - 1) return { name: text };
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}

function ofPurl({ type, namespace = "", name, version }: PurlParts): PackageWanted {
  const rows = ecosystems.filter(({ purlType }) => purlType === type);
  const isOs = rows.some(({ os }) => os);
  const between = type === "maven" ? ":" : "/";
  return {
    name: isOs || namespace === "" ? name : `${namespace}${between}${name}`,
    ...(version !== undefined && { version }),
    ecosystems: rows.map(({ id }) => id),
  };
}

/** Names under which the store may have it: advisories write some ecosystems' names in small letters or with other signs. */
export function namesOf({ name }: PackageWanted): string[] {
  return [...new Set([name, name.toLowerCase(), advisoryName("pypi", name)])];
}
