import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { repositoryRoot, sharedData } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import type { Entry } from "../entry.ts";
import { recorder } from "../testing/recorder.ts";
import { TarReader } from "./tar-reader.ts";

const rootfs = ["alpine", "busybox"].flatMap((distro) => {
  const folder = sharedData("rootfs", distro);
  return folder === null ? [] : readdirSync(folder).map((name) => join(folder, name));
});

/** What `tar -tv` says of an archive, line by line. */
function listing(tar: Buffer): string[] {
  const options = ["--quoting-style=literal", "--numeric-owner", "--full-time", "-tvf", "-"];
  const { stdout } = spawnSync("tar", options, { input: tar, maxBuffer: 1 << 28 });
  return stdout.toString("utf8").trimEnd().split("\n").flatMap(normalised);
}

/** `-rwsr-xr-x 0/0 123 DATE TIME ./path` → the same without owner, date and the beginning of the path. */
function normalised(line: string): string[] {
  const [, mode = "", size = "", rest = ""] = /^(\S{10}) \S+ +(\S+) \S+ \S+ +(.*)$/s.exec(line) ?? [];
  const name = rest.replace(/^(?:\.?\/)+/, "").replace(/ link to (?:\.?\/)*/, " link to ");
  return name === "" ? [] : [`${mode} ${size.includes(",") ? 0 : size} ${name}`];
}

const letters = { file: "-", directory: "d", symlink: "l", hardlink: "h", other: "?" } as const;

function lineOf({ type, mode, size, path, linkTarget }: Entry): string {
  const link = type === "hardlink" ? ` link to ${linkTarget}` : type === "symlink" ? ` -> ${linkTarget}` : "";
  return `${letters[type]}${rights(mode)} ${size} ${path}${type === "directory" ? "/" : ""}${link}`;
}

function rights(mode: number): string {
  const bits = [6, 3, 0].map((shift) => (mode >> shift) & 7);
  const special = [0o4000, 0o2000, 0o1000].map((bit) => (mode & bit) !== 0);
  return bits
    .map((three, who) => {
      const last = special[who] === true ? (who === 2 ? "Tt" : "Ss")[three & 1] : "-x"[three & 1];
      return `${(three & 4) !== 0 ? "r" : "-"}${(three & 2) !== 0 ? "w" : "-"}${last}`;
    })
    .join("");
}

function ours(tar: Buffer): string[] {
  const seen = recorder({ wish: () => "ignore" });
  const reader = new TarReader(seen);
  reader.push(tar);
  reader.finish();
  expect(seen.problems).toEqual([]);
  return seen.entries.map(lineOf);
}

/** Devices are told by their letter there and as "other" here. */
function withoutDeviceLetters(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^[cbps?]/, "?"));
}

describe("TarReader beside tar -tv: type, rights, size, name, target of every entry", () => {
  it("of this room's own folder, in every format", () => {
    for (const format of ["gnu", "pax", "ustar"]) {
      const { stdout } = spawnSync("tar", [`--format=${format}`, "-cf", "-", "packages/source"], {
        cwd: repositoryRoot,
        maxBuffer: 1 << 28,
      });
      expect(ours(stdout)).toEqual(listing(stdout));
      expect(listing(stdout).length).toBeGreaterThan(50);
    }
  });

  it.skipIf(rootfs.length === 0)(`of ${rootfs.length} real root file systems (skipped without ../shared/data)`, () => {
    for (const path of rootfs) {
      const tar = gunzipSync(readFileSync(path));
      expect(withoutDeviceLetters(ours(tar)), path).toEqual(withoutDeviceLetters(listing(tar)));
    }
  });
});
