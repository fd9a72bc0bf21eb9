import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkNewPassword, oneTimePassword, passwordKeeper } from "./passwords.ts";

const referenceHash =
  "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$FvuAx6W4ieJcSPCVFTLhelCQo/AVm2SZsdcJdRr0Fso";

const keeper = passwordKeeper((bytes) => randomBytes(bytes));

describe("passwords", () => {
  it("are kept as argon2id in PHC form, each with a salt of its own", async () => {
    const [one, two] = await Promise.all([keeper.hash("a long password"), keeper.hash("a long password")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await keeper.matches("a long password", one)).toBe(true);
    expect(await keeper.matches("a long passwore", one)).toBe(false);
  });

  it("are the same however their letters were typed", async () => {
    expect(await keeper.matches("Ångström-ﬁne", await keeper.hash("A\u030angstro\u0308m-fine"))).toBe(true);
  });

  it.each([
    null,
    "",
    "$argon2id$v=19$m=19456,t=2,p=1$AAAA$",
    "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])("match nothing where %j is kept", async (kept) => {
    expect(await keeper.matches("", kept)).toBe(false);
    expect(await keeper.matches("a long password", kept)).toBe(false);
  });

  // RFC 9106 gives no vector for these parameters; this one is from the reference program (argon2 20190702):
  // printf 'a long password' | argon2 saltsaltsaltsalt -id -k 19456 -t 2 -p 1 -e
  it("match what the reference program made", async () => {
    expect(await keeper.matches("a long password", referenceHash)).toBe(true);
  });

  it("cost as much where there is no user as where there is one", async () => {
    const kept = await keeper.hash("a long password");
    const timed = async (hash: string | null) => {
      const started = performance.now();
      for (let n = 0; n < 8; n++) await keeper.matches("another password", hash);
      return performance.now() - started;
    };
    await timed(kept);
    const [known, unknown] = [await timed(kept), await timed(null)];
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(2);
  });

  it("a flood of them waits in turn, and what cannot wait is sent away", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 200 }, () => keeper.matches("x", null)));
    const refused = asked.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(200 - 52);
    expect(refused[0]).toMatchObject({ reason: { code: "SIGN_IN_BUSY", status: 503 } });
    expect(await keeper.matches("x", null)).toBe(false);
  });
});

describe("a new password", () => {
  it.each(["short", "eleven char", "adminadmin12", "aaaaaaaaaaaaaaaa", "plimsoll2026", "x".repeat(201)])(
    "is not %j",
    (password) => {
      expect(() => checkNewPassword(password, "admin")).toThrow(expect.objectContaining({ code: "BAD_PASSWORD" }));
    },
  );

  it.each(["twelve chars", "correct horse battery staple", "ключ от дома 7", "the admin's own words"])(
    "may be %j",
    (password) => {
      expect(() => checkNewPassword(password, "admin")).not.toThrow();
    },
  );

  it("that is told once is good enough", () => {
    const password = oneTimePassword((bytes) => randomBytes(bytes));
    expect(password).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
    expect(() => checkNewPassword(password, "admin")).not.toThrow();
  });
});
