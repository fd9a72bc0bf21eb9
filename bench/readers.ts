/**
 * `node bench/readers.ts tar|jar [--count N] [--seed N]`: real archives, changed, are read by us and by the reader that
 * decides what runs: tars by Go's archive/tar, which unpacks layers in every container engine (needs `go` on the PATH),
 * jars by the JVM (needs a JDK's `java`). Fails when a file that they see is missing here and nothing was told, and when
 * too few of the archives could be read at all.
 */
import { parseArgs } from "node:util";
import { chanceOf } from "./fuzz/chance.ts";
import { targets } from "./fuzz/targets.ts";
import { jarsBesideJvm } from "./readers/jars-beside-jvm.ts";
import { tarsBesideGo } from "./readers/tars-beside-go.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});

/** Kind of archive → its fuzz target, and who reads them beside us. */
const kinds = {
  tar: { name: "tar", beside: tarsBesideGo },
  jar: { name: "java-archive", beside: jarsBesideJvm },
} as const;

const kind = positionals[0] === "tar" || positionals[0] === "jar" ? kinds[positionals[0]] : null;
if (kind === null) throw new Error("say which: node bench/readers.ts tar|jar");
const archives = await changed(kind.name, Number(values.count));
console.log(
  `${archives.length} archives, ${Math.round(archives.reduce((sum, { length }) => sum + length, 0) / 1e6)} MB`,
);
const { tally, missing } = await kind.beside(archives);
console.log(tally);
for (const line of missing.slice(0, 10)) console.error(`MISSING ${line}`);
const same = tally.same ?? 0;
if (missing.length > 0 || same < archives.length / 50) process.exitCode = 1;
if (same < archives.length / 50) console.error(`only ${same} could be read: no fair trial`);

/** The target's own archives first, then others made of them by up to four changes each. */
async function changed(name: string, count: number): Promise<Buffer[]> {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no fuzz target ${name}`);
  const seeds = await target.seeds();
  const chance = chanceOf(Number(values.seed));
  const pick = (): Buffer => seeds[chance.below(seeds.length)] ?? Buffer.alloc(0);
  const others = Array.from({ length: Math.max(0, count - seeds.length) }, () => {
    let archive = pick();
    for (let edits = 1 + chance.below(4); edits > 0; edits--) {
      archive = chance.pick(target.mutators)(archive, { chance, other: pick() }).subarray(0, 131_072);
    }
    return Buffer.from(archive);
  });
  return [...seeds, ...others].slice(0, count);
}
