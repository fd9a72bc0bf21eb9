import { SaxesParser } from "saxes";
import { formatError } from "../errors.ts";
import { foreignLimits } from "./foreign.ts";

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** Elements of one document that are kept; the largest real ones have under a million. */
const mostElements = 10_000_000;

/**
 * A CycloneDX XML document in the shape of its JSON sibling, as far as SBOMs are read. Entities of a document type are
 * not expanded: a document with one is refused. Throws UNKNOWN_SBOM, or what the XML parser throws.
 */
export function cyclonedxTree(document: string): unknown {
  const root = parseXml(document);
  if (root.name !== "bom" || !/^http:\/\/cyclonedx\.org\/schema\/bom\//.test(root.attributes.xmlns ?? "")) {
    throw refused("it is XML, but no CycloneDX document");
  }
  const metadata = child(root, "metadata");
  const described = metadata && child(metadata, "component");
  return {
    bomFormat: "CycloneDX",
    metadata: {
      ...(described && { component: component(described) }),
      properties: metadata === undefined ? [] : properties(metadata),
    },
    components: list(root, "components").map(component),
    compositions: list(root, "compositions").map((one) => ({ aggregate: textOf(one, "aggregate") })),
  };
}

function parseXml(document: string): Node {
  const parser = new SaxesParser();
  const top: Node = { name: "", attributes: {}, children: [], text: "" };
  const open: Node[] = [top];
  let elements = 0;
  parser.on("doctype", () => {
    throw refused("it has a document type definition");
  });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    elements += 1;
    if (open.length > foreignLimits.depth * 2 || elements > mostElements) throw refused("it has too many elements");
    const node: Node = {
      name: name.replace(/^.*:/, ""),
      attributes: attributes as Record<string, string>,
      children: [],
      text: "",
    };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  const addText = (text: string): void => {
    const node = open.at(-1);
    if (node !== undefined && node.text.length < foreignLimits.textLength)
      node.text += text.slice(0, foreignLimits.textLength);
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(document.replace(/^\ufeff/, "")).close();
  return top.children[0] ?? top;
}

function component(node: Node): unknown {
  return {
    type: node.attributes.type,
    group: textOf(node, "group"),
    name: textOf(node, "name"),
    version: textOf(node, "version"),
    purl: textOf(node, "purl"),
    licenses: list(node, "licenses").map(license),
    properties: properties(node),
    components: list(node, "components").map(component),
    evidence: {
      occurrences: list(child(node, "evidence"), "occurrences").map((one) => ({ location: textOf(one, "location") })),
    },
  };
}

function license(node: Node): unknown {
  if (node.name === "expression") return { expression: node.text.trim() };
  return { license: { id: textOf(node, "id"), name: textOf(node, "name") } };
}

function properties(node: Node): unknown[] {
  return list(node, "properties").map((one) => ({ name: one.attributes.name, value: one.text }));
}

function child(node: Node | undefined, name: string): Node | undefined {
  return node?.children.find((one) => one.name === name);
}

function list(node: Node | undefined, name: string): readonly Node[] {
  return child(node, name)?.children ?? [];
}

function textOf(node: Node, name: string): string {
  return child(node, name)?.text.trim() ?? "";
}

function refused(why: string) {
  return formatError("UNKNOWN_SBOM", { fields: { why } });
}
