import { uuidOf } from "@plimsoll/model";
import type { Bom, BomComponent, BomLicense, SpecVersion } from "../cyclonedx/bom.ts";
import { element, textElement, type XmlElement, xmlDeclaration, xmlFrame, xmlPart } from "../xml.ts";
import { listElement, maybeText, propertiesElement } from "./optional-elements.ts";
import { vulnerabilityElement } from "./vulnerability-element.ts";

/** A CycloneDX XML document; elements stand in the order the schema demands. */
export function bomXml(bom: Bom, specVersion: SpecVersion, serial?: string): string {
  return [...bomXmlPieces(bom, specVersion, serial)].join("");
}

/** The same text: what stands before the components, each of them, and what comes behind. */
export function* bomXmlPieces(bom: Bom, specVersion: SpecVersion, serial?: string): Generator<string> {
  const { metadata, components, compositions = [], vulnerabilities } = bom;
  const attributes = {
    xmlns: `http://cyclonedx.org/schema/bom/${specVersion}`,
    serialNumber: `urn:uuid:${serial ?? uuidOf(JSON.stringify(["xml", specVersion, bom]))}`,
    version: "1",
  };
  const [start, end] = xmlFrame({ name: "bom", attributes }, 0);
  yield `${xmlDeclaration}${start}${xmlPart(metadataElement(metadata), 1)}`;
  yield* componentPieces(components);
  const behind = [
    ...listElement("compositions", compositions.map(compositionElement)),
    ...(vulnerabilities === undefined
      ? []
      : [element("vulnerabilities", {}, vulnerabilities.map(vulnerabilityElement))]),
  ];
  for (const part of behind) yield xmlPart(part, 1);
  yield end;
}

function* componentPieces(components: readonly BomComponent[]): Generator<string> {
  if (components.length === 0) {
    yield xmlPart(element("components", {}), 1);
    return;
  }
  const [start, end] = xmlFrame({ name: "components", attributes: {} }, 1);
  yield start;
  for (const component of components) yield xmlPart(componentElement(component), 2);
  yield end;
}

function metadataElement({ timestamp, tools, component, properties }: Bom["metadata"]): XmlElement {
  const toolElements = tools.components.map(({ type, name, version }) =>
    element("component", { type }, [textElement("name", name), textElement("version", version)]),
  );
  return element("metadata", {}, [
    ...maybeText("timestamp", timestamp),
    element("tools", {}, [element("components", {}, toolElements)]),
    componentElement(component),
    ...propertiesElement(properties),
  ]);
}

function componentElement(component: BomComponent): XmlElement {
  const { type, group, name, version, description, licenses = [], purl, properties, evidence } = component;
  const occurrences = evidence?.occurrences.map(({ location }) =>
    element("occurrence", {}, [textElement("location", location)]),
  );
  return element("component", { type, "bom-ref": component["bom-ref"] }, [
    ...maybeText("group", group),
    textElement("name", name),
    ...maybeText("version", version),
    ...maybeText("description", description),
    ...listElement("licenses", licenses.map(licenseElement)),
    ...maybeText("purl", purl),
    ...propertiesElement(properties),
    ...(occurrences === undefined || occurrences.length === 0
      ? []
      : [element("evidence", {}, [element("occurrences", {}, occurrences)])]),
  ]);
}

function licenseElement(choice: BomLicense): XmlElement {
  if ("expression" in choice) return textElement("expression", choice.expression);
  const { license } = choice;
  return element("license", {}, ["id" in license ? textElement("id", license.id) : textElement("name", license.name)]);
}

function compositionElement({ aggregate, assemblies }: NonNullable<Bom["compositions"]>[number]): XmlElement {
  return element("composition", {}, [
    textElement("aggregate", aggregate),
    element(
      "assemblies",
      {},
      assemblies.map((ref) => element("assembly", { ref })),
    ),
  ]);
}
