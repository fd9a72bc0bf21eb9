import type { Distro } from "@plimsoll/model";
import { readAssignments } from "./release-parser.ts";

/** Reads os-release(5). `null` without an ID that can be one (lower case letters, digits, `.`, `_`, `-`). */
export function parseOsRelease(text: string): Distro | null {
  const values = readAssignments(text);
  const id = (values.get("ID") ?? "").trim().toLowerCase();
  if (!/^[a-z0-9._-]{1,64}$/.test(id)) return null;
  const codename = codenameOf(values);
  const prettyName = values.get("PRETTY_NAME") ?? "";
  return {
    // openSUSE and SLES for SAP are told apart by their own IDs; Red Hat's is short already.
    id,
    idLike: (values.get("ID_LIKE") ?? "")
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ""),
    versionId: wordOf(values.get("VERSION_ID")),
    ...(codename !== "" && { codename }),
    ...(prettyName !== "" && { prettyName }),
  };
}

/** Before VERSION_CODENAME (2016) the name stood in VERSION only: `8 (jessie)`, `14.04.5 LTS, Trusty Tahr`. */
function codenameOf(values: ReadonlyMap<string, string>): string {
  const said = wordOf(values.get("VERSION_CODENAME") ?? values.get("UBUNTU_CODENAME"));
  if (said !== "") return said.toLowerCase();
  const version = values.get("VERSION") ?? "";
  return (/\(([A-Za-z]{1,64})[^()]{0,200}\)/.exec(version)?.[1] ?? "").toLowerCase();
}

function wordOf(text: string | undefined): string {
  const word = (text ?? "").trim();
  return /^[\w.+~:-]{1,64}$/.test(word) ? word : "";
}
