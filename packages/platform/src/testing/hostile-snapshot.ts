/** Reads one hostile part of a snapshot in a process of its own, and says how it was refused. `NAME` */
import { zstdCompressSync } from "node:zlib";
import { PlimsollError } from "@plimsoll/kit";
import { Gathering } from "../inventory/gather.ts";
import { readPart } from "../inventory/read-part.ts";

const image = { name: "a" };

const parts: Readonly<Record<string, () => readonly Buffer[]>> = {
  "a million containers": () =>
    Array.from({ length: 10 }, (_, part) =>
      json({
        workloads: [{ image, containers: Array.from({ length: 100_000 }, (__, n) => ({ id: `${part}-${n}` })) }],
      }),
    ),
  "a bomb": () => [zstdCompressSync(Buffer.alloc(512 * 2 ** 20, " "))],
  "millions of empty objects": () => [zstdCompressSync(`{"workloads":[${"{},".repeat(5_000_000)}{}]}`)],
  "brackets in brackets": () => [zstdCompressSync("[".repeat(8_000_000))],
  "a truncated part": () => [json({ hosts: [{ name: "a" }] }).subarray(0, 20)],
  "no JSON": () => [Buffer.from([0xff, 0xfe, 0x00])],
};

function json(value: unknown): Buffer {
  return zstdCompressSync(JSON.stringify(value));
}

const gathering = new Gathering({ team: null, source: { kind: "cluster", name: "c" } });
try {
  for (const [part, bytes] of (parts[process.argv[2] ?? ""]?.() ?? []).entries())
    gathering.add(await readPart(part, bytes));
  console.log(gathering.assets().length);
} catch (error) {
  console.log(error instanceof PlimsollError ? error.code : String(error));
}
