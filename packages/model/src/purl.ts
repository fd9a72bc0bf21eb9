/** The parts of a package URL (purl-spec, PURL-SPECIFICATION). */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers?: Readonly<Record<string, string>>;
  readonly subpath?: string;
}

/** Writes a package URL; empty qualifiers are left out, keys sorted (purl-spec "How to build purl string from its components"). */
export function formatPurl(parts: PurlParts): string {
  const namespace = (parts.namespace ?? "")
    .split("/")
    .filter((segment) => segment !== "")
    .map(encode)
    .join("/");
  const path = [parts.type.toLowerCase(), namespace, encode(parts.name)].filter((piece) => piece !== "").join("/");
  const version = parts.version === undefined || parts.version === "" ? "" : `@${encode(parts.version)}`;
  return `pkg:${path}${version}${formatQualifiers(parts.qualifiers ?? {})}${formatSubpath(parts.subpath ?? "")}`;
}

function formatQualifiers(qualifiers: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(qualifiers).filter(([, value]) => value !== "");
  if (pairs.length === 0) return "";
  const text = pairs.map(([key, value]): [string, string] => [key.toLowerCase(), encode(value)]);
  return `?${text
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join("&")}`;
}

function formatSubpath(subpath: string): string {
  const segments = subpath.split("/").filter((segment) => segment !== "" && segment !== "." && segment !== "..");
  return segments.length === 0 ? "" : `#${segments.map(encode).join("/")}`;
}

/** purl-spec "Character encoding": unreserved characters and the colon stay. Lone surrogates become U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%3A/g, ":");
}

/** Reads a package URL; `null` when it is malformed. Type-specific normalising is left to the caller. */
export function parsePurl(text: string): PurlParts | null {
  const match = /^pkg:\/{0,3}([a-zA-Z][a-zA-Z0-9.+-]*)\/([^?#]+)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  if (match === null) return null;
  try {
    return readParts(match);
  } catch {
    return null; // malformed percent-encoding
  }
}

function readParts(match: RegExpExecArray): PurlParts | null {
  const [, type = "", path = "", query = "", subpath = ""] = match;
  const at = path.lastIndexOf("@");
  const hasVersion = at > path.lastIndexOf("/");
  const segments = (hasVersion ? path.slice(0, at) : path)
    .split("/")
    .filter((segment) => segment !== "")
    .map(decodeURIComponent);
  const name = segments.pop();
  if (name === undefined) return null;
  const version = hasVersion ? decodeURIComponent(path.slice(at + 1)) : "";
  const qualifiers = readQualifiers(query);
  return {
    type: type.toLowerCase(),
    name,
    ...(segments.length > 0 && { namespace: segments.join("/") }),
    ...(version !== "" && { version }),
    ...(Object.keys(qualifiers).length > 0 && { qualifiers }),
    ...(subpath !== "" && { subpath: subpath.split("/").map(decodeURIComponent).join("/") }),
  };
}

function readQualifiers(query: string): Record<string, string> {
  const pairs = query.split("&").filter((pair) => pair.includes("="));
  const entries = pairs.map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals).toLowerCase(), decodeURIComponent(pair.slice(equals + 1))];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}
