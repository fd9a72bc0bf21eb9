import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { type Package, type Sbom, uuidOf } from "@plimsoll/model";
import type { TestServer } from "./test-server.ts";

/** An installed Alpine package. */
export function apk(name: string, version: string): Package {
  return {
    id: uuidOf(name),
    ecosystem: "apk",
    name,
    version,
    kind: "installed",
    purl: `pkg:apk/alpine/${name}@${version}?distro=alpine-3.18.0`,
    locations: [{ path: "lib/apk/db/installed", layer: null }],
    introducedIn: null,
    foundBy: "apk-db",
  };
}

/** A tree of Alpine 3.18 with these packages. */
export function alpineWith(...packages: readonly Package[]): Sbom {
  return {
    schemaVersion: 1,
    source: { kind: "directory", transport: "dir", name: "somewhere" },
    image: null,
    distro: { id: "alpine", idLike: [], versionId: "3.18.0" },
    packages,
    problems: [],
    catalogers: [{ name: "apk-db", version: 1 }],
  };
}

/** A document as it is uploaded. */
export function uploadOf(document: unknown): { readonly bytes: Buffer; readonly sha256: string } {
  const bytes = zstdCompressSync(JSON.stringify(document));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Uploads an SBOM and has it evaluated; the answer's body. */
export async function sendScan(
  { app }: TestServer,
  headers: { readonly authorization: string },
  { sbom, ...rest }: { readonly sbom: Sbom; readonly name: string; readonly stage?: string; readonly labels?: object },
) {
  const { bytes, sha256 } = uploadOf(sbom);
  const octets = { ...headers, "content-type": "application/octet-stream" };
  await app.inject({
    method: "PUT",
    url: `/secure/vulnerability/v1/uploads/${sha256}`,
    headers: octets,
    payload: bytes,
  });
  const payload = { upload: sha256, ...rest };
  const answer = await app.inject({ method: "POST", url: "/secure/vulnerability/v1/scans", headers, payload });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json();
}
