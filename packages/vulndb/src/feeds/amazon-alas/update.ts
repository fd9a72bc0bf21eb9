import { descendants, textIn, type XmlElement } from "../../oval/xml-elements.ts";
import { type JsonObject, memberOf, objectsOf, textOf } from "../../records/json-value.ts";

/** One advisory as both forms write it; "" for what is missing. */
export interface Update {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly issued: string;
  readonly updated: string;
  readonly references: readonly string[];
  /** Short name of the repository. */
  readonly collection: string;
  readonly packages: readonly UpdatePackage[];
}

export interface UpdatePackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

/** Reads an `update` element (createrepo's updateinfo format). */
export function updateOfXml(update: XmlElement): Update {
  const date = (name: string) => update.children.find((child) => child.name === name)?.attributes.date ?? "";
  const packages = [...descendants(update, "package")].map(({ attributes }) => ({
    name: attributes.name ?? "",
    epoch: attributes.epoch ?? "",
    version: attributes.version ?? "",
    release: attributes.release ?? "",
    arch: attributes.arch ?? "",
  }));
  return {
    id: textIn(update, "id"),
    title: textIn(update, "title").replace(/\s+/g, " "),
    severity: textIn(update, "severity"),
    issued: date("issued"),
    updated: date("updated"),
    references: [...descendants(update, "reference")].map(({ attributes }) => attributes.id ?? ""),
    collection: descendants(update, "collection").next().value?.attributes.short ?? "",
    packages,
  };
}

/** Reads the JSON form, whose names are those of the elements in capitals. */
export function updateOfJson(document: unknown): Update {
  const text = (...path: readonly string[]) => textOf(memberOf(document, ...path)) ?? "";
  return {
    id: text("ID"),
    title: text("Title"),
    severity: text("Severity").slice(0, 40),
    issued: text("Issued", "Date"),
    updated: text("Updated", "Date"),
    references: objectsOf(memberOf(document, "References", "Reference")).map(({ ID }) => textOf(ID) ?? ""),
    collection: text("Pkglist", "Collection", "Short"),
    packages: objectsOf(memberOf(document, "Pkglist", "Collection", "Package")).map(packageOfJson),
  };
}

function packageOfJson(entry: JsonObject): UpdatePackage {
  const text = (name: string) => textOf(entry[name]) ?? "";
  return {
    name: text("Name"),
    epoch: text("Epoch"),
    version: text("Version"),
    release: text("Release"),
    arch: text("Arch"),
  };
}
