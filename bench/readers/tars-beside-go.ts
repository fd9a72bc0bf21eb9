import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { TarReader } from "../../packages/source/src/tar/tar-reader.ts";
import { type Comparison, compared } from "./comparison.ts";

/** An answer of `read-tars.go`. */
interface Theirs {
  readonly entries: readonly (readonly [type: string, name: string, hash: string])[];
  readonly error: string;
}

/** Reads all tars with Go's archive/tar, in one process, and with ours. */
export async function tarsBesideGo(tars: readonly Buffer[]): Promise<Comparison> {
  const go = spawn("go", ["run", join(import.meta.dirname, "read-tars.go")], { stdio: ["pipe", "pipe", "inherit"] });
  Readable.from(framed(tars)).pipe(go.stdin);
  const outcomes: string[] = [];
  for await (const line of createInterface({ input: go.stdout })) {
    outcomes.push(outcomeOf(tars[outcomes.length] ?? Buffer.alloc(0), JSON.parse(line) as Theirs));
  }
  if (outcomes.length !== tars.length) throw new Error(`go answered ${outcomes.length} of ${tars.length} times`);
  return compared(outcomes);
}

function* framed(tars: readonly Buffer[]): Generator<Buffer> {
  for (const tar of tars) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(tar.length);
    yield Buffer.concat([length, tar]);
  }
}

function outcomeOf(tar: Buffer, theirs: Theirs): string {
  if (theirs.error !== "") return "Go refuses";
  const ours = readTar(tar);
  if (ours === null) return "refused";
  // An unsafe name is told by us; so is a file with holes, by its name.
  const wanted = theirs.entries.filter(([type, name]) => isFile(type) && !isOdd(name));
  const missing = wanted.filter(([, name, hash]) => {
    const path = cleaned(name);
    return !ours.files.has(`${path} ${hash}`) && !ours.sparse.has(path);
  });
  if (missing.length > 0) return `missing: ${missing.slice(0, 3).join(" ")}`;
  return ours.problems === 0 ? "same" : "same, and told";
}

interface Ours {
  readonly files: ReadonlySet<string>;
  readonly sparse: ReadonlySet<string>;
  readonly problems: number;
}

/** `null` when we refuse. */
function readTar(tar: Buffer): Ours | null {
  const files = new Set<string>();
  const sparse = new Set<string>();
  let problems = 0;
  const reader = new TarReader({
    entry: () => "body",
    claims: () => true,
    body: ({ path }, bytes) =>
      void files.add(`${path} ${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}`),
    whiteout: () => undefined,
    problem({ code, level, path }) {
      if (level === "incomplete") problems += 1;
      if (code === "sparse-file") sparse.add(path ?? "");
    },
  });
  try {
    reader.push(tar);
    reader.finish();
    return { files, sparse, problems };
  } catch {
    return null;
  }
}

/** Types of entries with data that engines write as files. */
function isFile(type: string): boolean {
  return type === "0" || type === "7" || type === "S";
}

/** Names that we tell instead of reading, and whiteouts. */
function isOdd(name: string): boolean {
  const segments = name.split("/");
  return (
    segments.includes("..") ||
    name.includes("\0") ||
    cleaned(name) === "" ||
    /^\.wh\./.test(cleaned(name).split("/").at(-1) ?? "")
  );
}

function cleaned(name: string): string {
  return name
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
}
