import type { BomProperty } from "../cyclonedx/property.ts";
import { element, textElement, type XmlElement } from "../xml.ts";

/** The properties of anything; nothing where there are none. */
export function propertiesElement(properties: readonly BomProperty[] = []): XmlElement[] {
  return listElement(
    "properties",
    properties.map(({ name, value }) => element("property", { name }, value)),
  );
}

/** A list; nothing where it is empty. */
export function listElement(name: string, children: readonly XmlElement[]): XmlElement[] {
  return children.length === 0 ? [] : [element(name, {}, children)];
}

/** A text; nothing where it is absent. */
export function maybeText(name: string, text: string | number | undefined): XmlElement[] {
  return text === undefined ? [] : [textElement(name, String(text))];
}
