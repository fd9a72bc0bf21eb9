/** The fields of a message by number, in their order: numbers of varints, bytes of everything with a length. */
export type Fields = ReadonlyMap<number, readonly (number | Buffer)[]>;

/**
 * Reads one protocol buffers message (protobuf.dev/programming-guides/encoding): varints up to 2^53, length-delimited
 * fields; fixed-width ones are passed over. Throws a RangeError when it is damaged.
 */
export function readFields(bytes: Buffer): Fields {
  const found = new Map<number, (number | Buffer)[]>();
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor);
    const value = readValue(cursor, tag % 8);
    const field = Math.floor(tag / 8);
    const values = found.get(field);
    if (value === null) continue;
    if (values === undefined) found.set(field, [value]);
    else values.push(value);
  }
  return found;
}

/** The last text of a field; `""`: absent. */
export function textField(fields: Fields, number: number): string {
  const value = fields.get(number)?.at(-1);
  return Buffer.isBuffer(value) ? value.toString("utf8") : "";
}

/** The last number of a field; 0: absent. */
export function numberField(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1);
  return typeof value === "number" ? value : 0;
}

/** The messages of a field. */
export function messagesField(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).flatMap((value) => (Buffer.isBuffer(value) ? [readFields(value)] : []));
}

/** One message of text fields, in the order given. */
export function writeTexts(...pairs: readonly (readonly [field: number, text: string])[]): Buffer {
  const parts = pairs.flatMap(([field, text]) => {
    const value = Buffer.from(text, "utf8");
    return [writeVarint(field * 8 + 2), writeVarint(value.length), value];
  });
  return Buffer.concat(parts);
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function readValue(cursor: Cursor, wireType: number): number | Buffer | null {
  switch (wireType) {
    case 0:
      return readVarint(cursor);
    case 2:
      return take(cursor, readVarint(cursor));
    case 1:
      take(cursor, 8);
      return null;
    case 5:
      take(cursor, 4);
      return null;
    default:
      throw new RangeError("a message has a field of an unknown kind");
  }
}

function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new RangeError("a message ends too early");
    value += (byte % 128) * scale;
    if (!Number.isSafeInteger(value)) throw new RangeError("a message has a number that is too large");
    if (byte < 128) return value;
  }
}

function take(cursor: Cursor, length: number): Buffer {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new RangeError("a message ends too early");
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
