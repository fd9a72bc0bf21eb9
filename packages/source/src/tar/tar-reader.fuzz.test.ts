import { PlimsollError } from "@plimsoll/kit";
import { tarOf, whiteoutOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { recorder } from "../testing/recorder.ts";
import { TarReader } from "./tar-reader.ts";

const seed = tarOf([
  { path: "etc/os-release", body: "ID=alpine\n" },
  { path: `${"long/".repeat(40)}name`, body: "x", pax: { "SCHILY.xattr.user.a": "b" } },
  { path: `${"long/".repeat(40)}gnu`, body: "x", longNames: "gnu" },
  { path: "l", type: "symlink", linkname: "t".repeat(120) },
  whiteoutOf("usr/x"),
  { path: "big", body: Buffer.alloc(9000, 3), base256: true },
]);

it("mutated archives end in a value or a PlimsollError, and chunking changes nothing", () => {
  const edits = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(edits, fc.nat(seed.length), fc.boolean(), (changes, cut, repair) => {
      const tar = Buffer.from(seed.subarray(0, cut));
      for (const [at, byte] of changes) if (at < tar.length) tar[at] = byte;
      if (repair) repairChecksums(tar);
      expect(outcomeOf(tar, 333)).toEqual(outcomeOf(tar, tar.length + 1));
    }),
    { numRuns: 1500 },
  );
});

function outcomeOf(tar: Buffer, chunk: number): unknown {
  const seen = recorder({
    wish: (entry) => (entry.size % 2 === 0 ? "head" : "body"),
    claims: (entry) => entry.mode % 2 === 0,
  });
  try {
    const reader = new TarReader(seen);
    for (let at = 0; at < tar.length; at += chunk) reader.push(tar.subarray(at, at + chunk));
    reader.finish();
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { code: error.code, entries: seen.entries };
  }
  return { entries: seen.entries, bodies: [...seen.bodies], problems: seen.problems, whiteouts: seen.whiteouts };
}

/** Lets mutated fields pass the first gate. */
function repairChecksums(tar: Buffer): void {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString("latin1", at + 257, at + 262) !== "ustar") continue;
    tar.fill(" ", at + 148, at + 156);
    let sum = 0;
    for (let index = at; index < at + 512; index++) sum += tar[index] ?? 0;
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  }
}
