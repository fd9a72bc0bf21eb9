import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { programRevision, shapingOf } from "@plimsoll/catalog";
import { chainIdsOf, type DiffId, digestOf } from "@plimsoll/model";
import type { Headers } from "./asker.ts";
import type { TestServer } from "./test-server.ts";

/** A layer of a made-up image: a name that tells it apart, and the Alpine packages its database lists (`name version`). */
export interface MadeLayer {
  readonly name: string;
  readonly packages?: readonly string[];
}

const root = "/secure/vulnerability/v1";

export const shaping = shapingOf(programRevision);

let made = 0;

/** A layer that no other test has. */
export function newLayer(...packages: readonly string[]): MadeLayer {
  return { name: `l${++made}`, packages };
}

export function diffIdOf({ name }: MadeLayer): DiffId {
  return digestOf(`layer ${name}`) as string as DiffId;
}

/** What a scanner tells of a layer, in its own words. */
export function documentOf({ packages = [] }: MadeLayer): object {
  const distro = { id: "alpine", idLike: [], versionId: "3.18.4" };
  const found = packages.map((text) => {
    const [name = "", version = ""] = text.split(" ");
    return { ecosystem: "apk", name, version, kind: "installed" };
  });
  const evidence = [
    { path: "etc/os-release", cataloger: "distro-release", facts: { distro: { rank: 10, value: distro } } },
    { path: "lib/apk/db/installed", cataloger: "apk-db", facts: { packages: found } },
  ];
  return {
    size: 10_240,
    facts: {
      schemaVersion: 1,
      evidence: packages.length === 0 ? [] : evidence,
      whiteouts: [],
      opaque: [],
      symlinks: [],
      folders: [],
      files: [],
      unreadLinks: [],
      problems: [],
    },
  };
}

/** Source, image and problems of an image of these layers. */
export function factsOf(
  layers: readonly MadeLayer[],
  name = "shop/app:1",
): { image: object; source: object; problems: [] } {
  const chain = chainIdsOf(layers.map(diffIdOf));
  const config = { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" };
  return {
    source: { kind: "image", transport: "registry", name },
    image: {
      imageId: digestOf(chain.join()),
      digest: null,
      os: "linux",
      architecture: "amd64",
      author: "",
      created: null,
      size: 10_240 * layers.length,
      config,
      layers: layers.map((layer, index) => ({
        index,
        command: `COPY ${layer.name}`,
        diffId: diffIdOf(layer),
        chainId: chain[index] ?? null,
        digest: null,
        size: 10_240,
      })),
    },
    problems: [],
  };
}

/** Names of the packages that an answer to a scan tells. */
export function packagesIn(answer: { report: { sbom: { packages: { name: string }[] } } }): string[] {
  return answer.report.sbom.packages.map(({ name }) => name);
}

/** The API as a scanner uses it that sends layers apart. */
export function scannerOf({ app }: TestServer, headers: Headers) {
  const known = async (layers: readonly MadeLayer[]) => {
    const payload = { shaping, layers: layers.map(diffIdOf) };
    const answer = await app.inject({ method: "POST", url: `${root}/layers/known`, headers, payload });
    return { status: answer.statusCode, body: answer.json() };
  };
  const upload = async (document: object) => {
    const bytes = zstdCompressSync(JSON.stringify(document));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const octets = { ...headers, "content-type": "application/octet-stream" };
    await app.inject({ method: "PUT", url: `${root}/uploads/${sha256}`, headers: octets, payload: bytes });
    return sha256;
  };
  /** Sends an image, and with it documents of these layers. */
  const send = async (
    image: readonly MadeLayer[],
    sent: readonly { readonly of: MadeLayer; readonly document?: object }[],
    more: object = {},
  ) => {
    const layers: Record<string, string> = {};
    for (const { of, document } of sent) layers[diffIdOf(of)] = await upload(document ?? documentOf(of));
    const payload = { analysis: { shaping, scanner: "test 1", facts: factsOf(image), layers }, ...more };
    const answer = await app.inject({ method: "POST", url: `${root}/scans`, headers, payload });
    return { status: answer.statusCode, body: answer.json(), text: answer.body };
  };
  return { known, upload, send };
}
