import { open } from "node:fs/promises";
import { defaultLimits } from "../../../packages/kit/src/index.ts";
import { zipOf, zipOfFiles } from "../../../packages/testkit/src/zip.ts";
import { bunzip } from "../../../packages/vulndb/src/read/bunzip.ts";
import { zipFiles } from "../../../packages/vulndb/src/read/zip-files.ts";
import { yamlDocument } from "../../../packages/vulndb/src/records/yaml-document.ts";
import { readNote } from "../../../packages/vulndb/src/starter/starter-note.ts";
import { mutateZip } from "../mutate-binary.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateLines } from "../mutate-lines.ts";
import { orError, promise, sizeOf } from "../promises.ts";
import { scratchFile } from "../scratch-file.ts";
import { bytesOf, ownFiles, sharedFiles } from "../seeds.ts";
import type { FuzzTarget } from "../target.ts";

const limits = { ...defaultLimits, fileBytes: 16e6, layerBytes: 64e6 };
const bzip2 = Buffer.from(
  "425a68393141592653594eece83600000251800010400006449080200031064c4101a7a9a580bb9431f8bb9229c28482776741b0",
  "hex",
);

/** Files that knowledge comes in. */
export const knowledgeTargets: readonly FuzzTarget[] = [
  {
    name: "feed-zip",
    scope: ["packages/vulndb/src/read/zip-files.ts"],
    mutators: [mutateZip, mutateZip, mutateBytes],
    maxBytes: 16_384,
    seeds: async () => [
      zipOfFiles({ "a.json": "{}", "b/c.json": "x".repeat(3000) }),
      zipOf(
        [
          { path: "s", body: "stored", method: "store" },
          { path: "d", body: "later", dataDescriptor: true },
        ],
        { comment: "c" },
      ),
    ],
    run: (input) =>
      orError(async () => {
        await using handle = await open(scratchFile(input), "r");
        const files: [string, number][] = [];
        for await (const file of zipFiles(handle, limits)) {
          const bytes = await file.bytes();
          promise(bytes.length <= limits.fileBytes, "more than the limit");
          files.push([file.path, bytes.length]);
        }
        return { shape: `ok ${sizeOf(files.length)}`, value: files };
      }),
  },
  {
    name: "feed-bzip2",
    scope: ["packages/vulndb/src/read/bunzip.ts"],
    mutators: [mutateBytes],
    maxBytes: 65_536,
    seeds: async () => [bzip2, Buffer.concat([bzip2, bzip2])],
    run: (input) =>
      orError(async () => {
        let bytes = 0;
        for await (const chunk of bunzip(input)) {
          bytes += chunk.length;
          if (bytes > 64e6) break;
        }
        return { shape: `ok ${sizeOf(bytes)}`, value: bytes };
      }),
  },
  {
    name: "feed-yaml",
    scope: ["packages/vulndb/src/records/yaml-document.ts"],
    mutators: [mutateLines, mutateLines, mutateBytes],
    maxBytes: 32_768,
    seeds: async () => [
      Buffer.from("a: &x [1, 2]\nb: *x\nc: |\n  text\n  more\n? d\n: !!str 1\n<<: {e: f}\n"),
      ...bytesOf(ownFiles("packages/vulndb/src/feeds/*/testdata/*.{yml,yaml}")),
      ...bytesOf(
        await sharedFiles({
          archives: ["feeds/wolfi-advisories-apache-2025-05.tar.zst"],
          wants: ({ path }) => path.endsWith(".yaml"),
        }),
      ),
    ],
    run: (input) =>
      orError(async () => {
        const value = await yamlDocument(input.toString("utf8"));
        return { shape: Array.isArray(value) ? "list" : typeof value, value: String(value).slice(0, 100) };
      }),
  },
  {
    name: "feed-slices",
    scope: ["packages/vulndb/src/records/record-slicer.ts", "packages/vulndb/src/records/json-records.ts"],
    mutators: [mutateJson, mutateBytes],
    seeds: async () => bytesOf(ownFiles("packages/vulndb/src/feeds/{nvd,nvd-v2,kev,debian-tracker}/testdata/*.json")),
    run: (input) =>
      orError(async () => {
        const { jsonRecords } = await import("../../../packages/vulndb/src/records/json-records.ts");
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < input.length; at += 700) yield input.subarray(at, at + 700);
        }
        let count = 0;
        for await (const _ of jsonRecords(chunks(), { array: "vulnerabilities" } as never)) count += 1;
        return { shape: `ok ${sizeOf(count)}`, value: count };
      }),
  },
  {
    name: "starter-note",
    scope: ["packages/vulndb/src/starter/starter-note.ts"],
    mutators: [mutateJson, mutateBytes],
    share: 0.2,
    seeds: async () => bytesOf(ownFiles("packages/vulndb/assets/starter/starter.json")),
    run: (input) => orError(async () => ({ shape: "ok", value: readNote(input.toString("utf8")) })),
  },
];
