import { describe, expect, it } from "vitest";
import { packageOf } from "../test/builders.ts";
import { fingerprints, packageIdentity } from "./fingerprints.ts";

describe("fingerprints", () => {
  it("are the same in every document and counted within one", () => {
    const [first, second] = [fingerprints(), fingerprints()];
    const identity = packageIdentity(packageOf("npm", ["a", "1"]));
    expect(first(identity)).toEqual(second(packageIdentity(packageOf("npm", ["a", "2"]))));
    expect(first(identity).count).toBe(2);
    expect(first(["x"])).toMatchObject({ count: 1, hash: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});
