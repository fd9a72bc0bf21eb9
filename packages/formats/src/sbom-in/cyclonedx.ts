import { plainText } from "@plimsoll/kit";
import { type Problem, parseDiffId } from "@plimsoll/model";
import { type ForeignComponent, type ForeignSbom, foreignLimits } from "./foreign.ts";
import { items, member, text, textAt } from "./loose.ts";

/** Component types that name software; the rest are files, data, machines or services (CycloneDX, `component.type`). */
const software: ReadonlySet<string> = new Set([
  "library",
  "application",
  "framework",
  "platform",
  "container",
  "firmware",
]);

/** Reads a parsed CycloneDX document, of any version: only what is the same in all of them is looked at. */
export function readCyclonedx(root: unknown): ForeignSbom {
  const metadata = member(root, "metadata");
  const described = member(metadata, "component");
  const found = flatten(items(member(root, "components")));
  const isImage = textAt(described, "type") === "container";
  return {
    format: "cyclonedx",
    source: { kind: isImage ? "image" : "directory", name: textAt(described, "name") },
    components: found.components.map(componentOf),
    problems: [...found.problems, ...incompleteness(root), ...ownProblems(metadata)],
  };
}

/** Components and what they contain, in the document's order; iterative, so that depth costs no stack. */
function flatten(roots: readonly unknown[]): { components: unknown[]; problems: Problem[] } {
  const components: unknown[] = [];
  let isDeep = false;
  const stack = roots.map((value) => ({ value, depth: 1 })).reverse();
  for (let next = stack.pop(); next !== undefined && components.length < foreignLimits.components; next = stack.pop()) {
    components.push(next.value);
    const inner = items(member(next.value, "components"));
    if (inner.length > 0 && next.depth >= foreignLimits.depth) isDeep = true;
    else for (const value of inner.toReversed()) stack.push({ value, depth: next.depth + 1 });
  }
  return {
    components,
    problems: [
      ...(isDeep ? [limitProblem(`components lie more than ${foreignLimits.depth} deep in each other`)] : []),
      ...(stack.length > 0 ? [limitProblem(`there are more than ${foreignLimits.components} components`)] : []),
    ],
  };
}

function limitProblem(what: string): Problem {
  return { level: "incomplete", code: "sbom-too-large", message: `${what}: the rest of the SBOM was not read` };
}

function componentOf(value: unknown): ForeignComponent {
  const type = textAt(value, "type");
  const properties = propertiesOf(value);
  const purl = textAt(value, "purl");
  const group = textAt(value, "group");
  const name = textAt(value, "name");
  return {
    purl: purl === "" ? null : purl,
    name: group === "" ? name : `${group}/${name}`,
    version: textAt(value, "version"),
    kind: type === "operating-system" ? "distro" : isSoftware(type, { purl, properties }) ? "package" : "other",
    paths: pathsOf(value, properties),
    licenses: items(member(value, "licenses")).flatMap(licenseOf),
    layer: firstLayer(properties),
    sourcePackage: sourceOf(properties),
    ownedBy: properties.get("plimsoll:ownedBy") ?? null,
    properties,
  };
}

/** Trivy writes lockfiles as applications with a type of its own and no purl; they are evidence, not software. */
function isSoftware(
  type: string,
  { purl, properties }: { readonly purl: string; readonly properties: ReadonlyMap<string, string> },
): boolean {
  return software.has(type) && (purl !== "" || !properties.has("aquasecurity:trivy:Type"));
}

function propertiesOf(value: unknown): Map<string, string> {
  const properties = new Map<string, string>();
  for (const item of items(member(value, "properties"))) {
    const name = textAt(item, "name");
    if (!properties.has(name)) properties.set(name, textAt(item, "value"));
  }
  return properties;
}

function pathsOf(value: unknown, properties: ReadonlyMap<string, string>): string[] {
  const occurrences = items(member(member(value, "evidence"), "occurrences")).map((one) => textAt(one, "location"));
  const named = ["aquasecurity:trivy:FilePath", "syft:location:0:path", "sbomer:location:0:path"].map(
    (name) => properties.get(name) ?? "",
  );
  return [...new Set([...occurrences, ...named].filter((path) => path !== ""))];
}

function licenseOf(choice: unknown): string[] {
  const license = member(choice, "license");
  const words = [textAt(choice, "expression"), textAt(license, "id"), textAt(license, "name")];
  return words.filter((word) => word !== "").slice(0, 1);
}

/** Properties by which we, Trivy and Syft name the layer's diffID. */
const layerProperty = /^(?:plimsoll:introducedIn|aquasecurity:trivy:LayerDiffID|syft:location:0:layer\w+)$/;

function firstLayer(properties: ReadonlyMap<string, string>): ForeignComponent["layer"] {
  const named = [...properties].filter(([name]) => layerProperty.test(name));
  return named.map(([, value]) => parseDiffId(value)).find((layer) => layer !== null) ?? null;
}

/** Trivy tells the source package in four properties, we in one. */
function sourceOf(properties: ReadonlyMap<string, string>): ForeignComponent["sourcePackage"] {
  const own = /^(.+)@([^@]+)$/.exec(properties.get("plimsoll:sourcePackage") ?? "");
  if (own !== null) return { name: own[1] ?? "", version: own[2] ?? "" };
  const part = (name: string): string => properties.get(`aquasecurity:trivy:Src${name}`) ?? "";
  if (part("Name") === "" || part("Version") === "") return null;
  const epoch = part("Epoch") === "" || part("Epoch") === "0" ? "" : `${part("Epoch")}:`;
  const release = part("Release") === "" ? "" : `-${part("Release")}`;
  return { name: part("Name"), version: `${epoch}${part("Version")}${release}` };
}

/** The document's own word on what it lacks. */
function incompleteness(root: unknown): Problem[] {
  const words = items(member(root, "compositions")).map((one) => textAt(one, "aggregate"));
  if (!words.some((word) => word.startsWith("incomplete"))) return [];
  return [{ level: "incomplete", code: "sbom-incomplete", message: "the SBOM says of itself that it is incomplete" }];
}

/** Problems that our own writer put into the document. */
function ownProblems(metadata: unknown): Problem[] {
  return items(member(metadata, "properties")).flatMap((property): Problem[] => {
    const level = /^plimsoll:problem:(note|warning|incomplete)$/.exec(textAt(property, "name"))?.[1];
    if (level !== "note" && level !== "warning" && level !== "incomplete") return [];
    return [{ level, code: "sbom-problem", message: plainText(text(member(property, "value"))) }];
  });
}
