import { describe, expect, it } from "vitest";
import { parseJson, parseObject } from "./json.ts";

const nested = (levels: number): Buffer =>
  Buffer.from(`${"[".repeat(levels)}"${"x".repeat(70_000)}"${"]".repeat(levels)}`);
const wide = (lists: number): Buffer => Buffer.from(`[${"[],".repeat(lists - 2)}[]]`);

describe("parseJson", () => {
  it("reads documents, and takes no brackets in texts for levels", () => {
    const text = `\\"[{`.repeat(20_000);
    expect(parseObject(Buffer.from(`{"a":"${text}"}`))).toEqual({ a: '"[{'.repeat(20_000) });
    expect(parseJson(Buffer.from("[1"))).toBeNull();
  });

  it("reads at the limits on levels and lists, and not one beyond", () => {
    expect(parseJson(nested(500))).not.toBeNull();
    expect(parseJson(nested(501))).toBeNull();
    expect(parseJson(wide(500_000))).toHaveLength(499_999);
    expect(parseJson(wide(500_001))).toBeNull();
  });
});
