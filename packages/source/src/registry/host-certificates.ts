import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, type TlsMaterial } from "@plimsoll/kit";
import { sourceError } from "../errors.ts";

const longest = 1024 * 1024;

/**
 * Certificates for a registry from the first of the folders (`/etc/docker/certs.d`, …) that has one of its name,
 * `HOST[:PORT]`: `*.crt` are authorities, `NAME.cert` with `NAME.key` the client's own (containers-certs.d(5)). `null`:
 * there are none. Throws CERTIFICATES_INVALID.
 */
export async function hostCertificates(registry: string, folders: readonly string[]): Promise<TlsMaterial | null> {
  // A reference's registry holds no slash; `.` and `..` are no host names.
  for (const folder of folders.map((parent) => join(parent, registry))) {
    const names = await readdir(folder).catch(() => null);
    if (names !== null && names.length > 0) return readMaterial(folder, names.sort());
  }
  return null;
}

async function readMaterial(folder: string, names: readonly string[]): Promise<TlsMaterial | null> {
  const read = (name: string): Promise<string> => readPem(join(folder, name));
  const ca = await Promise.all(names.filter((name) => name.endsWith(".crt")).map(read));
  const own = names.find((name) => name.endsWith(".cert"));
  if (own === undefined) return ca.length === 0 ? null : { ca };
  const keyName = `${own.slice(0, -".cert".length)}.key`;
  if (!names.includes(keyName)) throw invalid(join(folder, own), `${keyName} is missing beside it`);
  return { ca, cert: await read(own), key: await read(keyName) };
}

async function readPem(path: string): Promise<string> {
  const text = await readFile(path, "latin1").catch((cause: unknown) => {
    throw invalid(path, messageOf(cause), cause);
  });
  if (text.length <= longest && text.includes("-----BEGIN ")) return text;
  throw invalid(path, "it is not PEM");
}

function invalid(path: string, reason: string, cause?: unknown): Error {
  return sourceError("CERTIFICATES_INVALID", { fields: { path, reason }, cause });
}
