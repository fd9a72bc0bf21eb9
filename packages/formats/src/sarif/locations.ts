import type { Location, Package } from "@plimsoll/model";
import type { KeyedLayer } from "../report-index.ts";
import type { SarifScene } from "./scene.ts";
import { messageText } from "./words.ts";

/** Places of one package that are told; viewers show the first. */
const toldLocations = 20;
const imageName = "container-image";

/** Path inside the image as a relative URI (RFC 3986). */
export function uriOf(path: string): string {
  const plain = path.toWellFormed().replace(/^\/+/, "");
  return plain.split("/").map(encodeURIComponent).join("/");
}

/** The image, and below it the layers that hold something told. */
export function logicalLocations({ layers }: SarifScene) {
  const image = { name: imageName, fullyQualifiedName: imageName, kind: "namespace" };
  return [image, ...layers.map(layerLocation)];
}

/** Layers of packages with told findings, lowest first. */
export function toldLayers({ index, findings }: Pick<SarifScene, "index" | "findings">): KeyedLayer[] {
  const diffIds = findings.flatMap(({ packageId }) => {
    const pkg = index.packages.get(packageId);
    return pkg === undefined ? [] : pkg.locations.slice(0, toldLocations).map(({ layer }) => layer);
  });
  const keyed = [...new Set(diffIds)].flatMap((diffId) => index.layerOf(diffId) ?? []);
  return keyed.sort((a, b) => a.layer.index - b.layer.index);
}

function layerLocation({ key, layer }: KeyedLayer) {
  return {
    name: `layer ${layer.index}`,
    fullyQualifiedName: `${imageName}/${key}`,
    kind: "layer",
    parentIndex: 0,
    properties: { digest: layer.digest ?? layer.diffId ?? "", command: messageText(layer.command, 300) },
  };
}

/** Where a package lies: files with their layers; the image where no file names it. */
export function packageLocations(pkg: Package, scene: SarifScene) {
  const locations = pkg.locations.slice(0, toldLocations);
  if (locations.length > 0) return locations.map((location) => oneLocation(location, pkg, scene));
  const uri = uriOf(scene.name.replace(/[^A-Za-z0-9._/-]+/g, "-"));
  return [
    {
      ...placeOf(uri),
      logicalLocations: [{ fullyQualifiedName: imageName, index: 0 }],
      message: messageOf(pkg, scene),
    },
  ];
}

function oneLocation({ path, layer }: Location, pkg: Package, scene: SarifScene) {
  const inner = pkg.innerPath === undefined ? "" : `:${pkg.innerPath}`;
  const file = inner !== "" && path.endsWith(inner) ? path.slice(0, -inner.length) : path;
  const holder = layerReference(scene.index.layerOf(layer), scene);
  const name = messageText(pkg.name, 200);
  const fullyQualifiedName = `${holder.fullyQualifiedName}/${messageText(pkg.purl, 400)}`;
  return {
    ...placeOf(uriOf(file)),
    logicalLocations: [holder, { name, fullyQualifiedName, kind: "package" }],
    message: messageOf(pkg, scene),
  };
}

/** The layer, or the image where none is known, as it stands in the run's list. */
function layerReference(keyed: KeyedLayer | null, { layers }: SarifScene) {
  const at = layers.findIndex(({ key }) => key === keyed?.key);
  if (keyed === null || at < 0) return { name: imageName, fullyQualifiedName: imageName, index: 0 };
  return { name: `layer ${keyed.layer.index}`, fullyQualifiedName: `${imageName}/${keyed.key}`, index: at + 1 };
}

/** Code scanning shows nothing without a line. */
function placeOf(uri: string) {
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: "ROOTPATH" }, region } };
}

function messageOf({ name, version }: Package, scene: SarifScene) {
  return { text: messageText(`${scene.name} - ${name}@${version}`, 500) };
}
