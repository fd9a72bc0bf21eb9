import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameIndex } from "./name-index.ts";

describe("nameIndex", () => {
  it("keeps every name under its folder, in order, however the folders alternate", () => {
    const segment = fc.stringMatching(/^[a-c]{1,2}$/);
    const paths = fc.array(
      fc.tuple(fc.array(segment, { maxLength: 2 }), segment).map(([folders, name]) => [...folders, name].join("/")),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(paths, (all) => {
        const index = nameIndex();
        for (const path of all) index.add(path);
        const expected = Map.groupBy(all, (path) => path.split("/").slice(0, -1).join("/"));
        const named = [...expected].map(([folder, list]) => [
          folder,
          list.map((path) => path.split("/").at(-1)).join("/"),
        ]);
        expect(index.entries()).toEqual(named);
        expect(index.entries()).toEqual(named);
      }),
    );
  });
});
