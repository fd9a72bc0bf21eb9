import { join } from "node:path";
import { messageOf, type TlsMaterial } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";
import { namesIn, readPlain } from "./settings-file.ts";

const longest = 1024 * 1024;

/**
 * Certificates for a registry from the first of the folders (`/etc/docker/certs.d`, …) that has one of its name,
 * `HOST[:PORT]`: `*.crt` are authorities, `NAME.cert` with `NAME.key` the client's own (containers-certs.d(5)). `null`:
 * there are none. Throws CERTIFICATES_INVALID.
 */
export function hostCertificates(registry: string, folders: readonly string[]): TlsMaterial | null {
  // A reference's registry holds no slash; `.` and `..` are no host names.
  for (const folder of folders.map((parent) => join(parent, registry))) {
    const names = namesIn(folder);
    if (names !== null && names.length > 0) return readMaterial(folder, names);
  }
  return null;
}

function readMaterial(folder: string, names: readonly string[]): TlsMaterial | null {
  const read = (name: string): string => readPem(join(folder, name));
  const ca = names.filter((name) => name.endsWith(".crt")).map(read);
  const own = names.find((name) => name.endsWith(".cert"));
  if (own === undefined) return ca.length === 0 ? null : { ca };
  const keyName = `${own.slice(0, -".cert".length)}.key`;
  if (!names.includes(keyName)) throw invalid(join(folder, own), `${keyName} is missing beside it`);
  return { ca, cert: read(own), key: read(keyName) };
}

function readPem(path: string): string {
  const text = latin1Of(path);
  if (text.length <= longest && text.includes("-----BEGIN ")) return text;
  throw invalid(path, "it is not PEM");
}

function latin1Of(path: string): string {
  try {
    return readPlain(path, longest).toString("latin1");
  } catch (cause) {
    throw invalid(path, messageOf(cause), cause);
  }
}

function invalid(path: string, reason: string, cause?: unknown): Error {
  return sourceError("CERTIFICATES_INVALID", { fields: { path, reason }, cause });
}
