import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { defaultLimits } from "../../../packages/kit/src/index.ts";
import { attachmentKindOf } from "../../../packages/source/src/attachments/attachment-kind.ts";
import { unwrapped } from "../../../packages/source/src/attachments/unwrap.ts";
import { unpacked } from "../../../packages/source/src/chunked/find-toc.ts";
import { readByToc } from "../../../packages/source/src/chunked/read-by-toc.ts";
import { parseToc, UnusableToc } from "../../../packages/source/src/chunked/toc.ts";
import { parseReference } from "../../../packages/source/src/reference.ts";
import { readDaemonJson, readRegistriesConf } from "../../../packages/source/src/registry/registries-conf.ts";
import { placesOf } from "../../../packages/source/src/registry/registry-places.ts";
import { recorder } from "../../../packages/source/src/testing/recorder.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { orRefused, promise, sizeOf } from "../promises.ts";
import { scratchFile } from "../scratch-file.ts";
import type { FuzzTarget, Outcome } from "../target.ts";

const testdata = join(import.meta.dirname, "../../../packages/source/src/chunked/testdata");
const layer = readFileSync(join(testdata, "estargz.tar.gz"));
const dataEnd = Number.parseInt(layer.subarray(-35, -19).toString("latin1"), 16);
const limits = { ...defaultLimits, layerBytes: 64e6, fileBytes: 1e6, layerEntries: 10_000 };

/** The table's JSON within its tar entry. */
function tocOf(bytes: Buffer): Buffer {
  const tar = gunzipSync(bytes.subarray(dataEnd, -51));
  return tar.subarray(512, 512 + Number.parseInt(tar.subarray(124, 135).toString("latin1"), 8));
}

async function readToc(input: Buffer): Promise<Outcome> {
  const seen = recorder({ wish: ({ size }) => (size % 2 === 0 ? "head" : "body"), claims: ({ mode }) => mode !== 0 });
  const blob = {
    label: "a layer",
    size: layer.length,
    async read(start: number, end: number) {
      promise(start >= 0 && start < end && end <= dataEnd, `a part that is none: ${start} to ${end}`);
      return Buffer.from(layer.subarray(start, end));
    },
  };
  const entries = parseToc(input, { dataEnd, limits });
  const size = await readByToc(blob, entries, { visitor: seen, limits, signal: new AbortController().signal });
  for (const { path } of seen.entries)
    promise(!path.split("/").includes(".."), `an entry that leaves its layer: ${path}`);
  for (const [path, body] of seen.bodies) {
    promise(
      seen.entries.some((entry) => entry.path === path && entry.size === body.length),
      "a body of another size",
    );
  }
  return { shape: `${sizeOf(seen.entries.length)} ${seen.bodies.size}`, value: [size, seen.entries, seen.problems] };
}

const toc: FuzzTarget = {
  name: "layer-toc",
  scope: ["packages/source/src/chunked/"],
  mutators: [mutateJson, mutateJson, mutateBytes],
  seeds: async () => {
    const zstd = readFileSync(join(testdata, "zstd-chunked.tar.zst"));
    const packed = zstd.subarray(15_997, 16_819);
    return [tocOf(layer), await unpacked(packed, "", { skip: 0, most: 10_000 })];
  },
  run: (input) =>
    orRefused(async () => {
      try {
        return await readToc(input);
      } catch (error) {
        if (!(error instanceof UnusableToc)) throw error;
        return { shape: error.message, value: error.message };
      }
    }),
};

const conf = `unqualified-search-registries = ["a.test"]
[[registry]]
prefix = "*.example.test"
location = "b.test/x"
insecure = true
[[registry.mirror]]
location = "c.test:5000/y"
pull-from-mirror = "digest-only"
[[registry]]
location = "docker.io"
blocked = true
`;
const daemon = JSON.stringify({ "registry-mirrors": ["https://m.test/a/"], "insecure-registries": ["e.example.test"] });

const registries: FuzzTarget = {
  name: "registries-conf",
  scope: ["packages/source/src/registry/registries-conf.ts", "packages/source/src/registry/registry-places.ts"],
  mutators: [mutateLines, mutateJson, mutateBytes],
  seeds: async () => [Buffer.from(conf), Buffer.from(daemon)],
  run(input) {
    const path = scratchFile(input);
    return orRefused(async () => {
      const rules = input[0] === 0x7b ? await readDaemonJson(path) : await readRegistriesConf(path);
      const names = ["alpine", "e.example.test/team/app:1", `b.test/x@sha256:${"a".repeat(64)}`];
      const places = names.flatMap((name) => placesOf(parseReference(name), rules));
      for (const { registry } of places) promise(!/[/@]/.test(registry), `a registry that is no host: ${registry}`);
      return { shape: `${places.length}`, value: places };
    });
  },
};

const statement = { predicateType: "https://spdx.dev/Document", predicate: { spdxVersion: "SPDX-2.3" } };
const payload = Buffer.from(JSON.stringify(statement)).toString("base64");

const envelopes: FuzzTarget = {
  name: "attachment-envelope",
  scope: ["packages/source/src/attachments/unwrap.ts", "packages/source/src/attachments/attachment-kind.ts"],
  mutators: [mutateJson, mutateBytes],
  seeds: async () =>
    [
      statement,
      { payload, signatures: [{ sig: "" }] },
      { dsseEnvelope: { payload, signatures: [{}] } },
      { predicateType: "x", predicate: { Data: "text" } },
    ].map((value) => Buffer.from(JSON.stringify(value))),
  run(input) {
    const bytes = unwrapped(input);
    promise(bytes.length <= 4 * input.length + 100, "a document larger than its envelope");
    return { shape: attachmentKindOf(input.toString("latin1")), value: Buffer.from(bytes).toString("hex") };
  },
};

/** What registries and the files about them are read by. */
export const registryTargets: readonly FuzzTarget[] = [toc, registries, envelopes];
