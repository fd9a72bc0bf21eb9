/** An element; attributes that are `null` are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | null>>;
  readonly children: readonly XmlElement[] | string;
}

/** An element with attributes and children, or with text. */
export function element(
  name: string,
  attributes: XmlElement["attributes"],
  children: XmlElement["children"] = [],
): XmlElement {
  return { name, attributes, children };
}

/** An element with text only. */
export function textElement(name: string, text: string): XmlElement {
  return { name, attributes: {}, children: text };
}

/** The document, indented, ending in a newline. What XML 1.0 cannot hold (section 2.2) becomes U+FFFD. */
export function xmlDocument(root: XmlElement): string {
  return [xmlDeclaration, xmlPart(root, 0)].join("");
}

/** First line of every document. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element as it stands `depth` levels deep in a document, ending in a newline. */
export function xmlPart(part: XmlElement, depth: number): string {
  const lines: string[] = [];
  writeElement(part, "  ".repeat(depth), lines);
  return `${lines.join("\n")}\n`;
}

/** A document's element that holds other elements: its first line and its last. */
export function xmlFrame({ name, attributes }: Omit<XmlElement, "children">, depth: number): readonly [string, string] {
  const indent = "  ".repeat(depth);
  return [`${startOf({ name, attributes }, indent)}>\n`, `${indent}</${name}>\n`];
}

function startOf({ name, attributes }: Omit<XmlElement, "children">, indent: string): string {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== null);
  return `${indent}<${name}${given.map(([key, value]) => ` ${key}="${xmlText(value)}"`).join("")}`;
}

function writeElement({ name, attributes, children }: XmlElement, indent: string, lines: string[]): void {
  const start = startOf({ name, attributes }, indent);
  if (children.length === 0) {
    lines.push(`${start}/>`);
  } else if (typeof children === "string") {
    lines.push(`${start}>${xmlText(children)}</${name}>`);
  } else {
    lines.push(`${start}>`);
    for (const child of children) writeElement(child, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  }
}

/** Besides markup, everything is escaped that a terminal obeys or that attribute values would lose. */
function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"'\t\n\r\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, reference);
}

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function reference(char: string): string {
  return named[char] ?? `&#${char.charCodeAt(0)};`;
}
