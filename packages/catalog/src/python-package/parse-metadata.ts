import type { PackageFact, Problem } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { isWord } from "../decode-text.ts";
import { firstParagraph } from "../paragraphs.ts";

const fields = ["name", "version", "license", "license-expression"] as const;

/**
 * The distribution a METADATA or PKG-INFO file names (Python packaging "Core metadata specifications"); the name stays
 * as written. Without a name the folder's name stands (`requests-2.31.0.dist-info`), with a Problem.
 */
export function parseMetadata(text: string, path: string): Facts {
  const metadata = firstParagraph(text, fields);
  const folder = fromFolder(path);
  const name = isWord(metadata.name) ? metadata.name : folder.name;
  const version = isWord(metadata.version) ? metadata.version : folder.version;
  if (!isWord(name)) return { problems: [nameless] };
  const licenses = licensesOf(metadata);
  const fact: PackageFact = {
    ecosystem: "pypi",
    name,
    version,
    ...(licenses.length > 0 && { licenses }),
    kind: "installed",
  };
  if (version !== "") return { packages: [fact] };
  return {
    packages: [fact],
    problems: [unversioned(name)],
  };
}

/** `NAME-VERSION.dist-info`, `NAME-VERSION[-pyX.Y].egg-info`, `NAME.egg-info`, `NAME-VERSION-pyX.Y.egg/EGG-INFO`. */
function fromFolder(path: string): { name: string; version: string } {
  const folder = path.split("/").findLast((segment) => /\.(?:dist-info|egg-info|egg)$/.test(segment)) ?? "";
  const stem = folder.slice(0, Math.max(0, folder.lastIndexOf(".")));
  const [name = "", version = ""] = stem.split("-");
  return { name, version: isWord(version) ? version : "" };
}

/** License-Expression (PEP 639) before License; whole licence texts in that field are no names. */
function licensesOf(metadata: { license?: string; "license-expression"?: string }): string[] {
  const said = metadata["license-expression"] ?? metadata.license ?? "";
  return said === "" || said.toUpperCase() === "UNKNOWN" || said.length > 200 ? [] : [said];
}

const nameless: Problem = {
  level: "incomplete",
  code: "package-file-unreadable",
  message: "Python metadata without a name: which distribution this is is unknown",
  next: "install the distribution again",
};

function unversioned(name: string): Problem {
  return {
    level: "warning",
    code: "package-version-unknown",
    message: "Python metadata without a version",
    package: name,
  };
}
