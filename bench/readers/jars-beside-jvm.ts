import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { openZip, type ZipEntry, type ZipFile } from "../../packages/catalog/src/zip-file.ts";
import { type Comparison, compared } from "./comparison.ts";

const mostBytes = 2 ** 20;

/** Reads all jars with the JVM, in one process, and then with ours. */
export async function jarsBesideJvm(jars: readonly Buffer[]): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-jars-"));
  try {
    for (const [index, jar] of jars.entries()) writeFileSync(join(folder, String(index)), jar);
    const program = join(import.meta.dirname, "ReadJars.java");
    const { status, stdout, stderr } = spawnSync("java", [program, folder, String(jars.length)], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`java: ${stderr}`);
    const lines = stdout.trimEnd().split("\n");
    return compared(jars.map((jar, index) => outcomeOf(jar, lines[index] ?? "")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outcomeOf(jar: Buffer, line: string): string {
  if (!line.startsWith("read")) return "the JVM refuses";
  const zip = opened(jar);
  if (zip === null) return "told";
  const theirs = line.split(" ").slice(1);
  const missing = theirs.filter((entry) => !zip.entries.some((own) => isSame(zip, own, entry)));
  if (missing.length === 0) return zip.damage === null ? "same" : "same, and told";
  return zip.damage === null ? `missing: ${missing.slice(0, 3).join(" ")}` : "told";
}

/** Whether it is this entry, as `NAME(base64)=CRC`; what cannot be read is told where it is asked for. */
function isSame(zip: ZipFile, own: ZipEntry, entry: string): boolean {
  const [, name = "", crc] = /^(.*)=(\w+)$/.exec(entry) ?? [];
  if (Buffer.from(name, "base64").toString() !== own.name) return false;
  try {
    return crc === "unread" || crc32(zip.read(own, mostBytes)).toString(16) === crc;
  } catch {
    return true;
  }
}

function opened(jar: Buffer): ZipFile | null {
  try {
    return openZip(jar, 100_000);
  } catch {
    return null;
  }
}
