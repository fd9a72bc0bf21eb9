import { readFields } from "../../../packages/source/src/containerd/protobuf.ts";
import { type SplitPiece, splitPieces } from "../../../packages/source/src/containers-storage/tar-split.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateLines } from "../mutate-lines.ts";
import { promise, sizeOf } from "../promises.ts";
import type { FuzzTarget, Outcome } from "../target.ts";

/** Both say what is wrong by a RangeError, which their callers turn into an error with a code. */
async function orDamaged(run: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RangeError) || /call stack|array length/i.test(error.message)) throw error;
    return { shape: "damaged", value: [error.message] };
  }
}

function readMessage(input: Buffer): Outcome {
  const fields = [...readFields(input)];
  const bytes = fields.flatMap(([, values]) => values.map((value) => (typeof value === "number" ? 0 : value.length)));
  const sum = bytes.reduce((total, length) => total + length, 0);
  promise(sum <= input.length, "fields longer than their message");
  return { shape: `${sizeOf(fields.length)} ${sizeOf(bytes.length)}`, value: fields };
}

async function readSplit(input: Buffer): Promise<Outcome> {
  const stream = async function* () {
    const half = input.length >> 1;
    yield input.subarray(0, half);
    yield input.subarray(half);
  };
  const pieces: SplitPiece[] = [];
  for await (const some of splitPieces(stream())) pieces.push(...some);
  const sum = pieces.reduce((total, piece) => total + (piece.kind === "bytes" ? piece.bytes.length : 0), 0);
  promise(sum <= input.length, "more bytes than were written");
  return { shape: `${sizeOf(pieces.length)} ${pieces.some(({ kind }) => kind === "file")}`, value: pieces };
}

const splitLines = [
  `{"type":2,"payload":"${Buffer.alloc(64).toString("base64")}","position":0}`,
  `{"type":1,"name":"etc/os-release","size":5,"payload":"AAAA","position":1}`,
  `{"type":1,"name_raw":"/w==","size":7,"position":2}`,
];

/** What container engines answer and keep. */
export const engineTargets: readonly FuzzTarget[] = [
  {
    name: "protobuf",
    scope: ["packages/source/src/containerd/protobuf.ts"],
    mutators: [mutateBytes],
    seeds: async () => [
      Buffer.from("0a0b73686f702f7765623a3112250a056170706c651207736861323536", "hex"),
      Buffer.from("080110ffffffffffff0f1a0361626321000000000000000025ffffffff", "hex"),
    ],
    run: (input) => orDamaged(() => readMessage(input)),
  },
  {
    name: "tar-split",
    scope: ["packages/source/src/containers-storage/tar-split.ts"],
    mutators: [mutateLines, mutateBytes],
    seeds: async () => [Buffer.from(`${splitLines.join("\n")}\n`)],
    run: (input) => orDamaged(() => readSplit(input)),
  },
];
