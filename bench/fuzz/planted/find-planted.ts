import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Corpus } from "../corpus.ts";
import { Coverage } from "../coverage.ts";
import { fuzz } from "../fuzz-loop.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import type { FuzzTarget } from "../target.ts";

/** Fuzzes the planted parser for ten seconds at most; prints what was found, as JSON. */
const state = mkdtempSync(join(tmpdir(), "plimsoll-planted-"));
const coverage = new Coverage();
const { parsePlanted } = await import("./planted-parser.ts");
const target: FuzzTarget = {
  name: "planted",
  scope: ["planted-parser.ts"],
  mutators: [mutateBytes],
  maxBytes: 8,
  seeds: async () => [],
  run: (input) => ({ shape: "one", value: parsePlanted(input) }),
};
coverage.watch(import.meta.dirname, target.scope);
const corpus = new Corpus(state);
corpus.add(Buffer.from("harmless"));
const found = new Set<string>();
try {
  for (let seed = 1; seed <= 10 && found.size === 0; seed++) {
    const watch = {
      begin: () => undefined,
      end: () => undefined,
      spent: () => undefined,
      finding: (_: string, input: Buffer, error: unknown) => void found.add(`${input.toString("hex", 0, 4)} ${error}`),
    };
    await fuzz({ target, corpus, coverage, watch }, seed, 1_000);
  }
  console.log(JSON.stringify([...found].slice(0, 1)));
} finally {
  rmSync(state, { recursive: true });
}
