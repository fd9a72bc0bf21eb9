import { decodeText } from "../decode-text.ts";
import type { Coordinates } from "./coordinates.ts";

/** What a pom.xml says of its own project. */
export interface Pom extends Coordinates {
  readonly licenses: readonly string[];
}

/** Characters of a value that are kept: properties multiply what they are put into. */
const longestValue = 1000;

/** Bytes of a pom.xml that are looked at. */
const lookedAt = 2 * 2 ** 20;

/**
 * Reads a project's coordinates (Maven "POM Reference"): group and version are inherited from the parent element,
 * `${…}` is filled from properties. No entities but XML's own five, no document type, nothing external.
 */
export function readPom(bytes: Uint8Array): Pom {
  const values = new Map<string, string>();
  const licenses = new Set<string>();
  for (const { path, text } of elementsOf(decodeText(bytes.subarray(0, lookedAt)))) {
    if (path === "project/licenses/license/name") licenses.add(text.slice(0, 200));
    else if (path.startsWith("project/") && path.split("/").length <= 3)
      values.set(path.slice("project/".length), text.slice(0, longestValue));
  }
  const first = (...names: readonly string[]): string => {
    const found = names.map((name) => values.get(name)).find((text) => text !== undefined && text !== "");
    return found === undefined ? "" : filled(found, values);
  };
  return {
    group: first("groupId", "parent/groupId"),
    artifact: first("artifactId"),
    version: first("version", "parent/version"),
    licenses: [...licenses].filter((name) => name !== "").sort(),
  };
}

/** Properties within properties within properties …: real poms nest two deep. */
const mostRounds = 5;

function filled(text: string, values: ReadonlyMap<string, string>): string {
  let result = text;
  for (let round = 0; round < mostRounds && result.includes("${"); round += 1) {
    result = result
      .slice(0, 1000)
      .replace(/\$\{([^{}]{1,200})\}/g, (whole, name: string) => property(name, values) ?? whole);
  }
  return result.includes("${") ? "" : result;
}

function property(name: string, values: ReadonlyMap<string, string>): string | undefined {
  const plain = name.replace(/^(?:project|pom)\./, "");
  const inherited = plain === "version" || plain === "groupId" ? values.get(`parent/${plain}`) : undefined;
  return values.get(`properties/${name}`) ?? values.get(plain.replace(".", "/")) ?? inherited;
}

interface Element {
  /** Names from the root down, `/` between. */
  readonly path: string;
  readonly text: string;
}

/** Depth at which an element is still followed; those of interest lie at most four deep. */
const deepest = 32;

/** Elements in the order they close, each with the text before its end. Stops where the document stops making sense. */
function* elementsOf(xml: string): Generator<Element> {
  const open: string[] = [];
  let text = "";
  for (const { before, tag } of tagsOf(xml)) {
    text += before;
    if (tag === null) continue;
    if (tag.startsWith("/")) {
      if (open.length <= deepest) yield { path: open.join("/"), text: text.trim() };
      open.pop();
    } else if (!tag.endsWith("/")) open.push(tag.split(/\s/, 1)[0] ?? "");
    text = "";
  }
}

/** Tags (`null`: a comment, an instruction, character data) with the text before each. */
function* tagsOf(xml: string): Generator<{ before: string; tag: string | null }> {
  let at = 0;
  for (let start = xml.indexOf("<"); start !== -1; start = xml.indexOf("<", at)) {
    const { end, skip, cdata } = markupAt(xml, start);
    if (end === -1) return;
    yield { before: unescaped(xml.slice(at, start)) + cdata, tag: skip ? null : xml.slice(start + 1, end - 1) };
    at = end;
  }
}

interface Markup {
  /** Index behind it; -1 when it does not end. */
  readonly end: number;
  /** No element: a comment, an instruction, a declaration. */
  readonly skip: boolean;
  readonly cdata: string;
}

function markupAt(xml: string, start: number): Markup {
  if (xml.startsWith("<!--", start)) return { end: behind(xml, "-->", start), skip: true, cdata: "" };
  if (xml.startsWith("<![CDATA[", start)) {
    const end = behind(xml, "]]>", start);
    return { end, skip: true, cdata: xml.slice(start + 9, Math.max(start + 9, end - 3)) };
  }
  const isDeclaration = xml.startsWith("<?", start) || xml.startsWith("<!", start);
  return { end: behind(xml, ">", start), skip: isDeclaration, cdata: "" };
}

function behind(xml: string, mark: string, from: number): number {
  const found = xml.indexOf(mark, from);
  return found === -1 ? -1 : found + mark.length;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.includes("&") ? text.replace(/&(\w{2,4});/g, (whole, name: string) => entities[name] ?? whole) : text;
}
