import { describe, expect, it } from "vitest";
import { beginningOf, type Chain, linked, partsAround } from "./chain.ts";

const part = (rows: number, next?: string) => ({
  page: next === undefined ? {} : { next },
  data: Array.from({ length: rows }),
});

function walked(...parts: readonly ReturnType<typeof part>[]): Chain {
  return parts.reduce((chain, came, at) => linked(chain, at, came), beginningOf("list"));
}

describe("a chain", () => {
  it("grows by what each part says, and ends with the last", () => {
    const chain = walked(part(100, "a"), part(100, "b"), part(7));
    expect(chain).toEqual({ listKey: "list", cursors: [undefined, "a", "b"], lengths: [100, 100, 7] });
  });

  it("stays the same thing when nothing new is said", () => {
    const chain = walked(part(100, "a"), part(7));
    expect(linked(chain, 0, part(100, "a"))).toBe(chain);
    expect(linked(chain, 1, part(7))).toBe(chain);
    expect(linked(chain, 5, part(7))).toBe(chain);
    expect(linked(chain, 0, undefined)).toBe(chain);
  });

  it("forgets what is beyond a part that continues elsewhere", () => {
    const chain = walked(part(100, "a"), part(100, "b"), part(7));
    expect(linked(chain, 0, part(100, "z"))).toEqual({ listKey: "list", cursors: [undefined, "z"], lengths: [100] });
    expect(linked(chain, 1, part(3))).toEqual({ listKey: "list", cursors: [undefined, "a"], lengths: [100, 3] });
  });
});

describe("parts around what is in sight", () => {
  const chain = walked(...Array.from({ length: 50 }, (_, at) => part(100, `c${at}`)));
  it.each([
    [{ first: 0, last: 20 }, [0]],
    [{ first: 30, last: 60 }, [0, 1]],
    [{ first: 2010, last: 2040 }, [19, 20]],
    [{ first: 2090, last: 2120 }, [19, 20, 21]],
    [{ first: 4990, last: 5060 }, [48, 49, 50]],
  ])("%j", (sight, parts) => {
    expect(partsAround(chain, sight, 100)).toEqual(parts);
  });

  it("are those there are, while rows of a longer list before are still in sight", () => {
    expect(partsAround(beginningOf("next"), { first: 7500, last: 7560 }, 100)).toEqual([0]);
  });

  it("are few, however far one walks", () => {
    for (let first = 0; first < 5000; first += 17) {
      expect(partsAround(chain, { first, last: first + 60 }, 100).length).toBeLessThanOrEqual(4);
    }
  });
});
