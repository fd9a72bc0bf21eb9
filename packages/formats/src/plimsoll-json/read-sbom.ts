import {
  type Attachment,
  attachmentKinds,
  attachmentPaths,
  type ChainId,
  type Distro,
  ecosystems,
  type ImageConfig,
  type ImageInfo,
  imageIdOf,
  type Layer,
  type Location,
  type Package,
  type Problem,
  parseDiffId,
  parseDigest,
  problemLevels,
  type Sbom,
} from "@plimsoll/model";
import { formatError } from "../errors.ts";
import {
  countOf,
  type Field,
  listOf,
  maybe,
  membersOf,
  nullable,
  parsedBy,
  textOf,
  textsOf,
  wordOf,
} from "./decode.ts";

const digest = parsedBy(parseDigest, "a sha256 digest");
const diffId = parsedBy(parseDiffId, "a sha256 digest");
const ecosystem = wordOf(ecosystems.map(({ id }) => id));
const texts = (field: Field): string[] => listOf(field, textOf);

/** Reads the SBOM document. Throws `BAD_SBOM`, or `NEWER_SBOM` for a later schema. */
export function readSbom(text: string): Sbom {
  return sbomOfJson(parseJson(text));
}

/** The same once parsed; keys it does not know are dropped. */
export function sbomOfJson(value: unknown): Sbom {
  const member = membersOf({ value, where: "SBOM" });
  const version = countOf(member("schemaVersion"));
  if (version !== 1) throw formatError("NEWER_SBOM", { fields: { version, known: 1 } });
  const source = membersOf(member("source"));
  return {
    schemaVersion: 1,
    source: {
      kind: wordOf(["image", "host", "directory"])(source("kind")),
      transport: textOf(source("transport")),
      name: textOf(source("name")),
      ...maybe("attachments", source("attachments"), (field) => listOf(field, attachmentOf)),
    },
    image: nullable(imageOf)(member("image")),
    distro: nullable(distroOf)(member("distro")),
    packages: listOf(member("packages"), packageOf),
    problems: listOf(member("problems"), problemOf),
    catalogers: listOf(member("catalogers"), catalogerOf),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw formatError("BAD_SBOM", { fields: { why: "it is not JSON" }, cause });
  }
}

function attachmentOf(field: Field): Attachment {
  const member = membersOf(field);
  return {
    kind: wordOf(attachmentKinds)(member("kind")),
    mediaType: textOf(member("mediaType")),
    type: textOf(member("type")),
    digest: digest(member("digest")),
    size: countOf(member("size")),
    via: wordOf(attachmentPaths)(member("via")),
  };
}

function imageOf(field: Field): ImageInfo {
  const member = membersOf(field);
  return {
    imageId: imageIdOf(digest(member("imageId"))),
    digest: nullable(digest)(member("digest")),
    os: textOf(member("os")),
    architecture: textOf(member("architecture")),
    ...maybe("variant", member("variant"), textOf),
    author: textOf(member("author")),
    created: nullable(textOf)(member("created")),
    size: countOf(member("size")),
    config: configOf(member("config")),
    layers: listOf(member("layers"), layerOf),
  };
}

function configOf(field: Field): ImageConfig {
  const member = membersOf(field);
  return {
    user: textOf(member("user")),
    env: texts(member("env")),
    labels: textsOf(member("labels")),
    entrypoint: texts(member("entrypoint")),
    cmd: texts(member("cmd")),
    exposedPorts: texts(member("exposedPorts")),
    workingDir: textOf(member("workingDir")),
  };
}

function layerOf(field: Field): Layer {
  const member = membersOf(field);
  return {
    index: countOf(member("index")),
    command: textOf(member("command")),
    ...maybe("created", member("created"), textOf),
    diffId: nullable(diffId)(member("diffId")),
    chainId: nullable(diffId)(member("chainId")) as ChainId | null,
    digest: nullable(digest)(member("digest")),
    size: nullable(countOf)(member("size")),
  };
}

function distroOf(field: Field): Distro {
  const member = membersOf(field);
  return {
    id: textOf(member("id")),
    idLike: texts(member("idLike")),
    versionId: textOf(member("versionId")),
    ...maybe("codename", member("codename"), textOf),
    ...maybe("prettyName", member("prettyName"), textOf),
  };
}

function packageOf(field: Field): Package {
  const member = membersOf(field);
  return {
    id: textOf(member("id")),
    ecosystem: ecosystem(member("ecosystem")),
    name: textOf(member("name")),
    version: textOf(member("version")),
    ...maybe("arch", member("arch"), textOf),
    ...maybe("source", member("source"), sourcePackageOf),
    ...maybe("licenses", member("licenses"), texts),
    ...maybe("vendor", member("vendor"), textOf),
    kind: wordOf(["installed", "declared"])(member("kind")),
    ...maybe("innerPath", member("innerPath"), textOf),
    ...maybe("qualifiers", member("qualifiers"), textsOf),
    ...maybe("role", member("role"), wordOf<"main" | "toolchain">(["main", "toolchain"])),
    purl: textOf(member("purl")),
    locations: listOf(member("locations"), locationOf),
    introducedIn: nullable(diffId)(member("introducedIn")),
    ...maybe("removedIn", member("removedIn"), diffId),
    ...maybe("ownedBy", member("ownedBy"), textOf),
    foundBy: textOf(member("foundBy")),
  };
}

function sourcePackageOf(field: Field): { readonly name: string; readonly version: string } {
  const member = membersOf(field);
  return { name: textOf(member("name")), version: textOf(member("version")) };
}

function locationOf(field: Field): Location {
  const member = membersOf(field);
  return { path: textOf(member("path")), layer: nullable(diffId)(member("layer")) };
}

function problemOf(field: Field): Problem {
  const member = membersOf(field);
  return {
    level: wordOf(problemLevels)(member("level")),
    code: textOf(member("code")),
    message: textOf(member("message")),
    ...maybe("next", member("next"), textOf),
    ...maybe("path", member("path"), textOf),
    ...maybe("layer", member("layer"), diffId),
    ...maybe("package", member("package"), textOf),
    ...maybe("feed", member("feed"), textOf),
  };
}

function catalogerOf(field: Field): { readonly name: string; readonly version: number } {
  const member = membersOf(field);
  return { name: textOf(member("name")), version: countOf(member("version")) };
}
