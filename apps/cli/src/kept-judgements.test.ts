import type { LayerCache } from "@plimsoll/catalog";
import type { ImageId, Sbom } from "@plimsoll/model";
import { beforeEach, expect, it } from "vitest";
import { type JudgedWith, targetJudgements } from "./kept-judgements.ts";

const kept = new Map<string, Uint8Array>();
const cache: LayerCache = {
  get: (key) => kept.get(key) ?? null,
  keep: (entries) => {
    for (const [key, bytes] of entries) kept.set(key, bytes);
  },
};
const judged = { flaws: [], advisories: ["A"], versions: [] };
const image = sbomOf("sha256:1", "shop/web:1");
const now = { knowledge: "1 2 3", program: "p" };

function sbomOf(imageId: string | null, name: string): Sbom {
  const source = { kind: imageId === null ? "directory" : "image", transport: "dir", name } as const;
  const found = imageId === null ? null : ({ imageId: imageId as ImageId } as Sbom["image"]);
  return { schemaVersion: 1, source, image: found, distro: null, packages: [], problems: [], catalogers: [] };
}

const found = (sbom: Sbom, wanted: JudgedWith) => targetJudgements(sbom, cache, wanted)?.judgements.get("x");

beforeEach(() => {
  kept.clear();
  const first = targetJudgements(image, cache, now);
  first?.judgements.set("x", judged);
  first?.keep();
});

it("finds what the last scan of the same image judged, whatever the image was called", () => {
  expect(found(image, now)).toEqual(judged);
  expect(found(sbomOf("sha256:1", "other"), now)).toEqual(judged);
});

it.each<[string, Sbom, JudgedWith]>([
  ["by other knowledge", image, { ...now, knowledge: "1 2 4" }],
  ["by another program", image, { ...now, program: "q" }],
  ["of another image", sbomOf("sha256:2", "shop/web:1"), now],
  ["of a folder", sbomOf(null, "sha256:1"), now],
])("finds nothing that was judged %s", (_, sbom, wanted) => {
  expect(found(sbom, wanted)).toBeUndefined();
});

it("writes only what is new", () => {
  const [[key = ""] = []] = kept;
  kept.set(key, Buffer.concat([kept.get(key) ?? Buffer.of()]));
  const before = kept.get(key);
  const again = targetJudgements(image, cache, now);
  again?.judgements.get("x");
  again?.keep();
  expect(kept.get(key)).toBe(before);
});

it("begins anew behind damage", () => {
  for (const key of kept.keys()) kept.set(key, Buffer.from("not zstd"));
  expect(found(image, now)).toBeUndefined();
});

it("keeps nothing for a program that does not know what it is made of", () => {
  expect(targetJudgements(image, cache, { knowledge: "1 2 3" })).toBeNull();
});
