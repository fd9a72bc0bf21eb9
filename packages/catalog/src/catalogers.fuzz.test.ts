import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { defaultLimits } from "@plimsoll/kit";
import { zipOfFiles } from "@plimsoll/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogers } from "./catalogers.ts";
import { casesOf, expectSoundFacts } from "./testing/conformance.ts";

/** Raised by hand for long runs. */
const runs = Number(process.env.PLIMSOLL_FUZZ_RUNS ?? 200);
const slowestMs = 2_000;

const limits = { ...defaultLimits, archiveBytes: 2 ** 24 };

describe("catalogers stand mutated input", () => {
  it.each(casesOf(catalogers))(
    "$name as $path",
    ({ cataloger, path }) => {
      const seeds = seedsOf(cataloger.name);
      fc.assert(
        fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 8 }), (seed, edits) => {
          const bytes = edits.reduce<Buffer>(mutated, seed);
          const start = performance.now();
          if ("claims" in cataloger) cataloger.claims?.(bytes.subarray(0, 8192), path);
          expectSoundFacts(cataloger.parse({ path, bytes }, limits));
          expect(performance.now() - start).toBeLessThan(slowestMs);
        }),
        { numRuns: runs },
      );
    },
    3_600_000,
  );
});

function seedsOf(name: string): Buffer[] {
  if (name === "java-archive-cataloger") return jars;
  const folder = join(import.meta.dirname, name.replace(/-cataloger$/, ""), "testdata");
  return readdirSync(folder).map((file) => {
    const bytes = readFileSync(join(folder, file));
    return file.endsWith(".gz") ? middleCutOut(gunzipSync(bytes)) : bytes;
  });
}

/** Binaries are zeros nearly everywhere: without most of them mutations hit something. */
function middleCutOut(bytes: Buffer): Buffer {
  const block = Math.max(0, bytes.indexOf("\xff Go buildinf:", 8192, "latin1") & ~0xfff);
  return Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(block, block + 8192)]);
}

const pom = "META-INF/maven/g/a/pom.properties";
const inner = zipOfFiles({
  [pom]: "groupId=g\nartifactId=a\nversion=1\n",
  "META-INF/MANIFEST.MF": "Bundle-Version: 1\n",
});
const jars = [
  inner,
  zipOfFiles({ "WEB-INF/lib/a-1.jar": inner, "b.jar": inner, "x/Y.class": "" }),
  zipOfFiles({
    "META-INF/maven/g/a/pom.xml": readFileSync(join(import.meta.dirname, "java-archive/testdata/pom.xml")),
  }),
];

type Edit = { readonly at: number; readonly kind: number; readonly bytes: Uint8Array };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.nat(4),
  bytes: fc.uint8Array({ maxLength: 8 }),
});

/** Overwrites, inserts, cuts out, cuts off or repeats. */
function mutated(bytes: Buffer, { at, kind, bytes: more }: Edit): Buffer {
  const place = Math.floor(at * bytes.length);
  const before = bytes.subarray(0, place);
  const after = bytes.subarray(place);
  if (kind === 0) return Buffer.concat([before, more, after.subarray(more.length)]);
  if (kind === 1) return Buffer.concat([before, more, after]);
  if (kind === 2) return Buffer.concat([before, after.subarray(more.length * 16)]);
  if (kind === 3) return before;
  return Buffer.concat([before, before.subarray(-1000), after]);
}
