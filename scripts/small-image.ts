import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** An image with something of most that a scan reads: what the build warms its code caches with. */
export function smallImage(): SmallImage {
  const layer = tar({
    "etc/os-release": `ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n`,
    "etc/alpine-release": "3.18.4\n",
    // More than is read at once.
    "lib/libcrypto.so.3": Buffer.alloc(700_000),
    "bin/busybox": elfProgram(),
    "lib/apk/db/installed": apkPackages.map(apkRecord).join("\n"),
    "usr/lib/node_modules/lodash/package.json": `{"name":"lodash","version":"4.17.20"}`,
    "usr/lib/python3/site-packages/Jinja2-2.11.2.dist-info/METADATA":
      "Metadata-Version: 2.1\nName: Jinja2\nVersion: 2.11.2\n",
  });
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config: { Cmd: ["/bin/sh"] },
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
      history: [{ created: "2024-01-01T00:00:00Z", created_by: "ADD file:1 in /" }],
    }),
  );
  const packed = gzipSync(layer);
  const described = (kind: string, bytes: Buffer) => ({
    mediaType: `application/vnd.oci.image.${kind}`,
    size: bytes.length,
    digest: digestOf(bytes),
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: described("config.v1+json", config),
      layers: [described("layer.v1.tar+gzip", packed)],
    }),
  );
  const documents = new Map([
    ["1", manifest],
    ...[manifest, config, packed].map((bytes) => [digestOf(bytes), bytes] as const),
  ]);
  return { layer, config, documents };
}

/** The same as `docker save` writes it. */
export function smallArchive(): Buffer {
  const { layer, config } = smallImage();
  const manifest = JSON.stringify([{ Config: "config.json", RepoTags: ["small:1"], Layers: ["layer.tar"] }]);
  return tar({ "config.json": config, "layer.tar": layer, "manifest.json": manifest });
}

interface SmallImage {
  readonly layer: Buffer;
  readonly config: Buffer;
  /** Tag or digest → what a registry answers. */
  readonly documents: ReadonlyMap<string, Buffer>;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const apkPackages = ["musl 1.2.4-r0", "busybox 1.36.0-r9", "openssl 3.1.0-r4", "zlib 1.2.13-r1"];

function apkRecord(text: string): string {
  const [name, version] = text.split(" ");
  return `P:${name}\nV:${version}\nA:x86_64\nL:MIT\no:${name}\nF:lib\nR:lib${name}.so\n`;
}

/** An ELF file for this or another machine (64 bits, little endian) with one segment to load: a program that is not Go's. */
function elfProgram(): Buffer {
  const file = Buffer.alloc(200);
  Buffer.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1).copy(file);
  file.writeUInt16LE(2, 16); // e_type: ET_EXEC
  file.writeUInt16LE(62, 18); // e_machine: EM_X86_64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(64n, 32); // e_phoff
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54); // e_phentsize
  file.writeUInt16LE(1, 56); // e_phnum
  file.writeUInt32LE(1, 64); // p_type: PT_LOAD
  return file;
}

function tar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const body = Buffer.from(content);
    return [header(path, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  // Whole records of twenty blocks, as tar itself writes them.
  const length = blocks.reduce((sum, { length }) => sum + length, 1024);
  return Buffer.concat([...blocks, Buffer.alloc(1024 + ((10_240 - (length % 10_240)) % 10_240))]);
}

/** POSIX ustar. */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write("0000644\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        0", 148);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
