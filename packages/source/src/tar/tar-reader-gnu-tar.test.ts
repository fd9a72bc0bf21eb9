import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTar } from "../testing/read-tar.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-tar-"));

describe("TarReader beside GNU tar", () => {
  const names = fc.uniqueArray(
    fc
      .oneof(
        fc.stringMatching(/^[a-z .\\*'"$&;é✓-]{1,60}$/u),
        fc.stringMatching(/^[a-z]{1,20}$/).map((name) => name.repeat(8)),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      )
      .filter(isFileName),
    { minLength: 1, maxLength: 12 },
  );

  it.each(["gnu", "pax", "ustar", "v7", "oldgnu"])("lists and reads what tar --format=%s wrote", (format) => {
    fc.assert(
      fc.property(names, fc.nat(3000), (fileNames, size) => {
        rmSync(folder, { recursive: true, force: true });
        const deep = join(folder, "tree", "d".repeat(60), "e".repeat(format === "v7" ? 1 : 60));
        mkdirSync(deep, { recursive: true });
        fileNames.forEach((name, index) => {
          writeFileSync(join(deep, name), Buffer.alloc(index === 0 ? size : index, index));
        });
        symlinkSync("../target of a link", join(folder, "tree", "link"));
        const made = spawnSync("tar", [`--format=${format}`, "--sort=name", "-cf", "-", "tree"], {
          cwd: folder,
          maxBuffer: 1 << 26,
        });
        const listed = spawnSync("tar", ["--quoting-style=literal", "--null", "-tf", "-"], { input: made.stdout });
        const seen = readTar(made.stdout, { chunk: 1000 });
        // Names longer than the format can hold are left out by tar itself, with a warning.
        const lines = new Set(listed.stdout.toString().split("\n").filter(Boolean));
        const ours = new Set(
          seen.entries.flatMap((entry) => (entry.type === "directory" ? `${entry.path}/` : entry.path)),
        );
        expect(ours).toEqual(lines);
        for (const entry of seen.entries.filter(({ type }) => type === "file")) {
          const index = fileNames.findIndex((name) => entry.path.endsWith(`/${name}`));
          expect(seen.bodies.get(entry.path)).toEqual(Buffer.alloc(index === 0 ? size : index, index));
        }
      }),
      { numRuns: 12 },
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it("knows a real sparse file of every sparse format", () => {
    mkdirSync(folder, { recursive: true });
    spawnSync("truncate", ["-s", "3M", "holes"], { cwd: folder });
    spawnSync(
      "sh",
      [
        "-c",
        "for i in $(seq 1 60); do printf x | dd of=holes bs=1 seek=$((i*40000)) conv=notrunc status=none; done; echo y > next",
      ],
      { cwd: folder },
    );
    for (const format of [
      ["--format=gnu"],
      ["--format=pax", "--sparse-version=0.0"],
      ["--format=pax", "--sparse-version=0.1"],
      ["--format=pax", "--sparse-version=1.0"],
    ]) {
      const made = spawnSync("tar", [...format, "-S", "-cf", "-", "holes", "next"], {
        cwd: folder,
        maxBuffer: 1 << 26,
      });
      const seen = readTar(made.stdout);
      expect(
        seen.entries.map(({ path, size }) => [path, size]),
        format.join(" "),
      ).toEqual([
        ["holes", 3 << 20],
        ["next", 2],
      ]);
      expect(seen.problems.map(({ code }) => code)).toEqual(["sparse-file"]);
      expect(seen.bodies.get("next")?.toString()).toBe("y\n");
    }
    rmSync(folder, { recursive: true, force: true });
  });
});

function isFileName(name: string): boolean {
  return Buffer.byteLength(name) < 250 && !/[/\0\n]|^\.\.?$|^\.wh\./u.test(name) && name.isWellFormed();
}
