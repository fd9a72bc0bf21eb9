/** Bytes of every page's header. */
export const pageHeader = 26;

/** A Berkeley DB file under construction: pages by number, integers in its byte order. */
export interface BdbWriter {
  readonly pageSize: number;
  /** A new page of a type; its number. */
  addPage(type: number): number;
  page(number: number): Buffer;
  put16(page: Buffer, at: number, value: number): void;
  put32(page: Buffer, at: number, ...values: readonly number[]): void;
  /** A number as 4 bytes. */
  u32(value: number): Buffer;
  /** Puts items on a page from its end downwards; answers how many fitted. */
  fill(number: number, items: readonly Buffer[]): number;
  bytes(): Buffer;
}

/** Starts with the first page, empty. */
export function bdbWriter({ order, pageSize }: { order: "big" | "little"; pageSize: number }): BdbWriter {
  const pages: Buffer[] = [Buffer.alloc(pageSize)];
  const page = (number: number): Buffer => pages[number] ?? Buffer.alloc(pageSize);
  const put16: BdbWriter["put16"] = (target, at, value) =>
    void (order === "big" ? target.writeUInt16BE(value, at) : target.writeUInt16LE(value, at));
  const put32: BdbWriter["put32"] = (target, at, ...values) => {
    for (const [index, value] of values.entries()) {
      if (order === "big") target.writeUInt32BE(value, at + index * 4);
      else target.writeUInt32LE(value, at + index * 4);
    }
  };
  return {
    pageSize,
    page,
    put16,
    put32,
    u32(value) {
      const bytes = Buffer.alloc(4);
      put32(bytes, 0, value);
      return bytes;
    },
    addPage(type) {
      const made = Buffer.alloc(pageSize);
      put32(made, 8, pages.length);
      made[25] = type;
      return pages.push(made) - 1;
    },
    fill(number, items) {
      let end = pageSize;
      let count = 0;
      for (const item of items) {
        if (end - item.length < pageHeader + (count + 1) * 2) break;
        end -= item.length;
        page(number).set(item, end);
        put16(page(number), pageHeader + count * 2, end);
        count += 1;
      }
      put16(page(number), 20, count);
      put16(page(number), 22, end);
      return count;
    },
    bytes: () => Buffer.concat(pages),
  };
}
