import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openSecretKeys } from "./open-secret-keys.ts";
import { newKeyText, secretKeys } from "./secret-keys.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-secrets-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const random = (bytes: number) => randomBytes(bytes);
const keysOf = (text: string) => secretKeys(text, "here", random);
const old = newKeyText(random);
const fresh = newKeyText(random);

describe("sealed secrets", () => {
  it("open as the record they were sealed for, and as no other", () => {
    const keys = keysOf(old);
    const sealed = keys.seal("s3cret-wörd", "record 1");
    expect(keys.open(sealed, "record 1")).toBe("s3cret-wörd");
    expect(() => keys.open(sealed, "record 2")).toThrow(expect.objectContaining({ code: "SECRET_DAMAGED" }));
  });

  it("are never twice the same, and hide the text", () => {
    const keys = keysOf(old);
    const [one, two] = [keys.seal("s3cret-word", "p"), keys.seal("s3cret-word", "p")];
    expect(one.bytes.equals(two.bytes)).toBe(false);
    expect(one.bytes.includes("s3cret")).toBe(false);
  });

  it("do not open with any bit changed, or cut", () => {
    const keys = keysOf(old);
    const { keyId, bytes } = keys.seal("s3cret-word", "p");
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => keys.open({ keyId, bytes: changed }, "p")).toThrow(
        expect.objectContaining({ code: "SECRET_DAMAGED" }),
      );
    }
    for (const cut of [0, 5, 12, 20, bytes.length - 1]) {
      expect(() => keys.open({ keyId, bytes: bytes.subarray(0, cut) }, "p")).toThrow(
        expect.objectContaining({ code: "SECRET_DAMAGED" }),
      );
    }
  });

  it("open with an older key while it is there; the last one seals", () => {
    const before = keysOf(old);
    const sealed = before.seal("word", "p");
    const both = keysOf(`# comment\n${old}\n${Buffer.from(fresh, "hex").toString("base64")} # newest`);
    expect(both.open(sealed, "p")).toBe("word");
    expect(both.current).toBe(keysOf(fresh).current);
    expect(() => keysOf(fresh).open(sealed, "p")).toThrow(
      expect.objectContaining({
        code: "SECRETS_KEY_MISSING",
        fields: { count: 1, key: before.current, place: "here" },
      }),
    );
  });

  it.each(["", "# nothing", "abc", `${"0".repeat(63)}`, `${old}${old}`, "password"])(
    "are not sealed with %j",
    (text) => {
      expect(() => keysOf(text)).toThrow(expect.objectContaining({ code: "SECRETS_KEY_UNREADABLE" }));
    },
  );

  it("keep their key out of errors", () => {
    const almost = old.slice(1);
    expect(() => keysOf(almost)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(almost) }));
  });
});

describe("the key's file", () => {
  let ownFile = "";
  let files = 0;
  beforeEach(() => {
    ownFile = join(root, `data${++files}`, "secrets.key");
  });
  const used = new Map<string, number>();

  it("is made once, for its owner alone, and read again", () => {
    const first = openSecretKeys({ ownFile }, { random, used });
    expect(statSync(ownFile).mode & 0o777).toBe(0o600);
    const text = readFileSync(ownFile, "utf8");
    expect(openSecretKeys({ ownFile }, { random, used }).current).toBe(first.current);
    expect(readFileSync(ownFile, "utf8")).toBe(text);
  });

  it("is not replaced when it is lost while secrets need it", () => {
    const lost = new Map([["0123abcd", 3]]);
    expect(() => openSecretKeys({ ownFile }, { random, used: lost })).toThrow(
      expect.objectContaining({
        code: "SECRETS_KEY_MISSING",
        message: `3 stored secrets are sealed with the key 0123abcd, which is not in ${ownFile}`,
      }),
    );
    expect(statSync(ownFile, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("is refused when others may read it, and when it is damaged; it stays as it is", () => {
    openSecretKeys({ ownFile }, { random, used });
    chmodSync(ownFile, 0o644);
    expect(() => openSecretKeys({ ownFile }, { random, used })).toThrow(/others than its owner may read it/);
    chmodSync(ownFile, 0o600);
    writeFileSync(ownFile, "damaged");
    expect(() => openSecretKeys({ ownFile }, { random, used })).toThrow(
      expect.objectContaining({ code: "SECRETS_KEY_UNREADABLE" }),
    );
    expect(readFileSync(ownFile, "utf8")).toBe("damaged");
  });

  it("may be somebody else's, with whatever mode, and is never made there", () => {
    const file = join(root, "given.key");
    expect(() => openSecretKeys({ file }, { random, used })).toThrow(
      expect.objectContaining({ code: "SECRETS_KEY_UNREADABLE" }),
    );
    writeFileSync(file, old, { mode: 0o644 });
    expect(openSecretKeys({ file }, { random, used }).current).toBe(keysOf(old).current);
    expect(openSecretKeys({ text: old }, { random, used }).current).toBe(keysOf(old).current);
  });
});
