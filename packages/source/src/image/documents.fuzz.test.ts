import { defaultLimits, PlimsollError } from "@plimsoll/kit";
import { imageOf, indexOf } from "@plimsoll/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseDescriptor } from "./choose-manifest.ts";
import { parseConfig, parseManifest } from "./documents.ts";
import { imageReadOf, planImage } from "./image-plan.ts";

const image = imageOf([[{ path: "a", body: "b" }], []], { config: { Env: ["A=b"], Labels: { a: "b" } } });
const seeds = [image.manifest.bytes, image.config.bytes, indexOf([image]).bytes].map((bytes) =>
  JSON.parse(bytes.toString()),
);

/** Puts a value somewhere into a document. */
function changed(value: unknown, path: readonly number[], put: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return put;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return put;
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  copy[key] = changed(copy[key], rest, put);
  return Array.isArray(value) ? Object.values(copy) : copy;
}

it("mutated manifests, indexes and configurations end in a value or a PlimsollError", () => {
  const steps = fc.array(fc.nat(7), { maxLength: 4 });
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom("__proto__", -1, 1e308, "sha256:", null, [], {}));
  fc.assert(
    fc.property(fc.constantFrom(...seeds), steps, odd, (seed, path, put) => {
      const bytes = Buffer.from(JSON.stringify(changed(seed, path, put)));
      for (const run of [asManifest, asConfig]) {
        try {
          run(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
          expect((error as Error).message).not.toContain("\n");
        }
      }
    }),
    { numRuns: 2000 },
  );
});

it("bytes that are no documents end in a PlimsollError, however deep", () => {
  const deep = Buffer.from("[".repeat(1_000_000));
  for (const bytes of [
    deep,
    Buffer.from(`{"manifests":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    Buffer.alloc(10),
    Buffer.from([0xff, 0xfe]),
  ]) {
    expect(() => parseManifest(bytes, "x")).toThrow(PlimsollError);
    expect(() => parseConfig(bytes, "x")).toThrow(PlimsollError);
  }
});

function asManifest(bytes: Buffer): void {
  const document = parseManifest(bytes, "x");
  const wish = { platform: { os: "linux", architecture: "amd64" }, isExplicit: false };
  if (document.kind === "index") chooseDescriptor(document.manifests, { wish, name: "x" });
}

function asConfig(bytes: Buffer): void {
  const config = parseConfig(bytes, "x");
  const spots = config.diffIds.map(() => ({ where: "a", digest: null, size: null }));
  const { image: read } = imageReadOf(
    planImage(config, spots, { limits: defaultLimits, name: "x", digest: null }),
    new Map(),
  );
  expect(read.layers.filter((layer) => layer.diffId !== null)).toHaveLength(config.diffIds.length);
}
