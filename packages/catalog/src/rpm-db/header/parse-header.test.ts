import { describe, expect, it } from "vitest";
import { damageLog } from "../damage.ts";
import { type FakeTag, headerBlob, plainBlob, regionBlob } from "../testing/header-blob.ts";
import { hasTrueDigest } from "./has-true-digest.ts";
import { type Header, parseHeader } from "./parse-header.ts";

function parsed(blob: Uint8Array): { header: Header; damage: ReturnType<typeof damageLog> } {
  const damage = damageLog();
  const header = parseHeader(blob, damage);
  if (header === null) throw new Error("no header");
  return { header, damage };
}

describe("parseHeader", () => {
  const cases: readonly [string, FakeTag, Partial<{ text: string | null; texts: string[]; numbers: number[] }>][] = [
    ["a string", { tag: 1000, text: "bash" }, { text: "bash", texts: ["bash"] }],
    ["an empty string", { tag: 1000, text: "" }, { text: "", texts: [""] }],
    ["UTF-8", { tag: 1000, text: "naïve" }, { text: "naïve" }],
    ["a translated string: the first stands", { tag: 1000, text: "C locale", type: 9 }, { text: "C locale" }],
    ["a string list", { tag: 1000, texts: ["a", "", "c"] }, { text: "a", texts: ["a", "", "c"] }],
    ["bytes", { tag: 1000, numbers: [0, 255], width: 1 }, { numbers: [0, 255] }],
    ["16 bits", { tag: 1000, numbers: [1, 65_535], width: 2 }, { numbers: [1, 65_535] }],
    ["32 bits", { tag: 1000, numbers: [1, 4_294_967_295], width: 4 }, { numbers: [1, 4_294_967_295] }],
  ];
  it.each(cases)("reads %s, with and without region", (_, tag, expected) => {
    for (const blob of [plainBlob([tag]), regionBlob([{ tag: 999, text: "odd" }, tag])]) {
      const { header, damage } = parsed(blob);
      if (expected.text !== undefined) expect(header.text(1000)).toBe(expected.text);
      if (expected.texts !== undefined) expect(header.texts(1000)).toEqual(expected.texts);
      if (expected.numbers !== undefined) expect(header.numbers(1000)).toEqual(expected.numbers);
      expect(damage.problems()).toEqual([]);
    }
  });

  it("answers nothing, without damage, for tags that are absent", () => {
    const { header, damage } = parsed(plainBlob([{ tag: 1001, text: "x" }]));
    expect([header.text(2), header.texts(2), header.numbers(2), damage.problems()]).toEqual([null, [], [], []]);
  });

  it("lets an entry behind the region replace the one in it", () => {
    const { header } = parsed(regionBlob([{ tag: 1000, text: "old" }], { more: [{ tag: 1000, text: "new" }] }));
    expect(header.text(1000)).toBe("new");
  });

  it.each([
    ["no bytes", () => Buffer.alloc(0)],
    ["no entries", () => Buffer.alloc(64)],
    ["more entries than rpm allows", () => put(headerBlob({}), 0, 65_536)],
    ["entries beyond the end", () => put(headerBlob({}), 0, 4000)],
    ["data beyond the end", () => put(headerBlob({}), 4, 0xffff_ffff)],
    ["cut off", () => headerBlob({}).subarray(0, -1)],
  ])("gives up on %s, and says so", (_, make) => {
    const damage = damageLog();
    expect(parseHeader(make(), damage)).toBeNull();
    expect(damage.problems()).toMatchObject([{ level: "incomplete", code: "package-database-damaged" }]);
  });

  const first = 8;
  it.each([
    ["no tag", 0, 0],
    ["no type", 4, 10],
  ])("notes an entry that has %s", (_, at, value) => {
    const blob = plainBlob([
      { tag: 1000, text: "bash" },
      { tag: 1001, text: "5" },
    ]);
    const { header, damage } = parsed(put(blob, first + 16 + at, value));
    expect([header.text(1000), damage.problems()[0]?.message]).toEqual([
      "bash",
      expect.stringContaining("broken index"),
    ]);
  });

  it.each([
    ["an offset outside", (blob: Buffer) => put(blob, first + 8, 1_000_000)],
    ["a type that holds no text", (blob: Buffer) => put(blob, first + 4, 7)],
    ["an absurd count", (blob: Buffer) => put(put(blob, first + 4, 8), first + 12, 0xffff_fff0)],
    ["a list longer than its data", (blob: Buffer) => put(put(blob, first + 4, 8), first + 12, 5)],
    ["no end of string", (blob: Buffer) => blob.fill(1, blob.length - 5)],
  ])("notes a tag with %s", (_, damaged) => {
    const { header, damage } = parsed(damaged(plainBlob([{ tag: 1000, text: "bash" }])));
    expect(header.texts(1000)).toEqual([]);
    expect(damage.problems()[0]?.message).toContain("unreadable tag 1000");
  });

  it.each([
    ["an absurd count", 0x4000_0000],
    ["one number too many", 3],
  ])("notes numbers with %s", (_, count) => {
    const { header, damage } = parsed(put(plainBlob([{ tag: 1003, numbers: [1, 2], width: 4 }]), first + 12, count));
    expect(header.numbers(1003)).toEqual([]);
    expect(damage.problems()).toHaveLength(1);
  });

  it("never makes a text larger than any name or path", () => {
    expect(parsed(headerBlob({ name: "n".repeat(50_000) })).header.text(1000)?.length).toBe(8192);
  });
});

describe("hasTrueDigest", () => {
  const isTrue = (blob: Buffer): boolean => hasTrueDigest(blob, parsed(blob).header);
  const whole = headerBlob({ files: ["/usr/bin/bash"] });

  it("believes what the builder made", () => expect(isTrue(whole)).toBe(true));
  it("believes headers without digest or region", () => {
    expect(isTrue(regionBlob([{ tag: 1000, text: "x" }], { digest: false }))).toBe(true);
    expect(
      isTrue(
        plainBlob([
          { tag: 1000, text: "x" },
          { tag: 273, text: "0" },
        ]),
      ),
    ).toBe(true);
  });
  it("notices any changed character", () => {
    const changed = Buffer.from(whole);
    changed.write("BASH", changed.indexOf("bash"));
    expect(isTrue(changed)).toBe(false);
  });
  it.each([
    ["a trailer outside", 16, 1_000_000],
    ["a region longer than the header", 0, 0],
  ])("does not believe %s", (_, at, value) => {
    const changed = Buffer.from(whole);
    if (at !== 0) changed.writeUInt32BE(value, at);
    else changed.writeInt32BE(-16 * 400, changed.lastIndexOf(Buffer.from("0000003f00000007", "hex")) + 8);
    expect(isTrue(changed)).toBe(false);
  });
});

function put(blob: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(blob);
  copy.writeUInt32BE(value, at);
  return copy;
}
