/** Bytes of a SHA-256 that stand in an identifier as they are: the rest of its 16 hold version and variant. */
const wholeHead = 6;

/** Name of a kept SBOM: the first 128 bits of its SHA-256 as a UUID (version 8, RFC 9562 section 5.8). */
export function sbomIdOf(sha256: Uint8Array): string {
  const bytes = Buffer.from(sha256.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The hashes that an identifier can be cut from: from `first` to `last`, all the others have another beginning. */
export function sbomHashes(id: string): { readonly first: Buffer; readonly last: Buffer } {
  const head = Buffer.from(id.replaceAll("-", ""), "hex").subarray(0, wholeHead);
  const rest = 32 - wholeHead;
  return { first: Buffer.concat([head, Buffer.alloc(rest, 0)]), last: Buffer.concat([head, Buffer.alloc(rest, 255)]) };
}

/** The UUID in what a client calls an SBOM (`urn:uuid:` before it or not), lower case; `null`: it is none. */
export function sbomIdIn(text: string): string | null {
  return (
    /^(?:urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(text.toLowerCase())?.[1] ??
    null
  );
}
