import { uuidOf } from "@plimsoll/model";
import type { Bom, BomComponent, BomLicense, SpecVersion } from "../cyclonedx/bom.ts";
import { element, textElement, type XmlElement, xmlDocument } from "../xml.ts";
import { listElement, maybeText, propertiesElement } from "./optional-elements.ts";
import { vulnerabilityElement } from "./vulnerability-element.ts";

/** A CycloneDX XML document; elements stand in the order the schema demands. */
export function bomXml(bom: Bom, specVersion: SpecVersion): string {
  const { metadata, components, compositions = [], vulnerabilities } = bom;
  const root = {
    xmlns: `http://cyclonedx.org/schema/bom/${specVersion}`,
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(["xml", specVersion, bom]))}`,
    version: "1",
  };
  return xmlDocument(
    element("bom", root, [
      metadataElement(metadata),
      element("components", {}, components.map(componentElement)),
      ...listElement("compositions", compositions.map(compositionElement)),
      ...(vulnerabilities === undefined
        ? []
        : [element("vulnerabilities", {}, vulnerabilities.map(vulnerabilityElement))]),
    ]),
  );
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
