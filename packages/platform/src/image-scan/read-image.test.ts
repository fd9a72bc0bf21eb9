import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { analyze } from "@plimsoll/catalog";
import { createHttpClient, defaultLimits } from "@plimsoll/kit";
import { openSource } from "@plimsoll/source";
import { imageOf, startTestRegistry, type TestRegistry } from "@plimsoll/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { startHostileRegistry } from "../testing/hostile-registry.ts";
import type { ImageProgress, ImageTask } from "./image-task.ts";
import { readImage } from "./read-image.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-read-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const status = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n\n`;
const layers = [
  [
    { path: "etc/os-release", body: 'ID=debian\nVERSION_ID="12"\n' },
    { path: "var/lib/dpkg/status", body: status("libc6") },
  ],
  [{ path: "var/lib/dpkg/status", body: status("libc6") + status("curl") }],
  [{ path: "usr/lib/node_modules/app/package.json", body: '{"name":"app","version":"1.2.3"}' }],
];
const image = imageOf(layers);
const login = { user: "robot", password: "correct-horse-battery" };

let folders = 0;
const taskOf = (reference: string, more: Partial<ImageTask> = {}): ImageTask => ({
  reference,
  platform: "linux/amd64",
  access: {},
  outbound: { allowPrivate: ["127.0.0.0/8"], proxyEnv: {}, userAgent: "test" },
  layersFolder: join(root, `layers${++folders}`),
  ...more,
});
const never = new AbortController().signal;
const read = (task: ImageTask, { signal = never, heapMb = 256, onProgress = (_: ImageProgress) => undefined } = {}) =>
  readImage(task, { heapMb, signal, onProgress });

async function analyzed(reference: string) {
  using http = createHttpClient({ userAgent: "test" });
  await using source = await openSource(`pull://${reference}`, { http, platform: "linux/amd64" });
  return analyze(source, { limits: defaultLimits });
}

/** Requests after which nothing came for a while. */
async function isQuiet({ requests }: TestRegistry): Promise<boolean> {
  const before = requests.length;
  await wait(300);
  return requests.length === before;
}

describe("an image that the server reads itself", () => {
  it("is what the command line finds in it, byte for byte, also when its layers are known", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    const expected = JSON.stringify(await analyzed(reference));
    const task = taskOf(reference);
    const first = await read(task);
    expect(JSON.stringify(first.sbom)).toBe(expected);
    expect(first.sbom.packages.map(({ name }) => name).sort()).toEqual(["app", "curl", "libc6"]);
    expect([...(first.layers?.keys() ?? [])]).toEqual(image.layers.map(({ diffId }) => diffId));
    const asked = registry.requests.length;
    expect(JSON.stringify((await read(task)).sbom)).toBe(expected);
    const again = registry.requests.slice(asked).filter(({ path }) => path.includes("/blobs/"));
    expect(again.map(({ path }) => path)).toEqual([`/v2/team/app/blobs/${image.config.digest}`]);
  });

  it("tells how each of its layers stands", async () => {
    await using registry = await startTestRegistry();
    const told: ImageProgress[] = [];
    await read(taskOf(registry.push("team/app", "1", image)), { onProgress: (state) => void told.push(state) });
    expect(told.some((state) => state.layers.includes("running"))).toBe(true);
    expect(told.at(-1)).toMatchObject({ layersDone: 3, layersTotal: 3, layers: ["done", "done", "done"] });
  });

  it.each(["basic", "bearer"] as const)("is opened with a login, which no other host sees: %s", async (mode) => {
    await using registry = await startTestRegistry({ auth: { mode, ...login }, redirectBlobs: true });
    const reference = registry.push("team/app", "1", image);
    const { sbom } = await read(taskOf(reference, { access: { credentials: login } }));
    expect(sbom.packages).toHaveLength(3);
    const elsewhere = registry.requests.filter(({ host }) => host === "blobs");
    expect(elsewhere.length).toBeGreaterThan(0);
    expect(elsewhere.filter(({ authorization }) => authorization !== null)).toEqual([]);
  });

  it("is not asked of a host that blobs are redirected to, where that may not be asked", async () => {
    await using registry = await startTestRegistry({ redirectBlobs: true });
    const reference = registry.push("team/app", "1", image);
    const outbound = { allowPrivate: [registry.host], proxyEnv: {}, userAgent: "test" };
    await expect(read(taskOf(reference, { outbound }))).rejects.toMatchObject({ code: "ADDRESS_REFUSED", status: 403 });
    expect(registry.requests.filter(({ host }) => host === "blobs")).toEqual([]);
  });

  it("may fail with the error that reading it has", async () => {
    await using registry = await startTestRegistry({ auth: { mode: "basic", ...login } });
    const reference = registry.push("team/app", "1", image);
    await expect(read(taskOf(reference))).rejects.toMatchObject({
      name: "PlimsollError",
      code: "CREDENTIALS_MISSING",
      fields: { registry: registry.host, repository: "team/app", status: 401 },
    });
  });

  it("is given up in the middle of a layer, and holds nothing then", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    registry.addFault({ match: new RegExp(image.layers[1]?.digest ?? ""), kind: "stall", keepBytes: 20 });
    const cancel = new AbortController();
    const reading = read(taskOf(reference), { signal: cancel.signal });
    while (!registry.requests.some(({ path }) => path.endsWith(image.layers[1]?.digest ?? "?"))) await wait(10);
    await wait(50);
    const started = performance.now();
    cancel.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await isQuiet(registry)).toBe(true);
    expect(process.getActiveResourcesInfo().filter((name) => name === "MessagePort" || name === "Worker")).toEqual([]);
  });

  it("is not read by who was cancelled before", async () => {
    await using registry = await startTestRegistry();
    const reading = read(taskOf(registry.push("a", "1", image)), { signal: AbortSignal.abort(new Error("enough")) });
    await expect(reading).rejects.toThrow("enough");
    expect(registry.requests).toEqual([]);
  });

  it("ends its own thread alone when it takes more memory than it may", async () => {
    await using registry = await startTestRegistry();
    const many = Array.from({ length: 150_000 }, (_, at) => status(`package-${at}-${"x".repeat(40)}`)).join("");
    const heavy = imageOf([[{ path: "var/lib/dpkg/status", body: many }]]);
    const reference = registry.push("heavy", "1", heavy);
    await expect(read(taskOf(reference), { heapMb: 24 })).rejects.toMatchObject({
      code: "IMAGE_TOO_HEAVY",
      status: 422,
    });
  }, 60_000);

  it.each([
    ["endless manifest", "BODY_TOO_LARGE"],
    ["endless token", "BODY_TOO_LARGE"],
    ["endless layer", "SIZE_MISMATCH"],
    ["manifest that drips", "TOO_SLOW"],
    ["redirect into the private network", "ADDRESS_REFUSED"],
    ["redirect to a file", "UNSAFE_REDIRECT"],
    ["token server in the private network", "ADDRESS_REFUSED"],
    ["token server of a file", "REGISTRY_BAD_ANSWER"],
  ] as const)(
    "hostile registry: %s",
    async (name, code) => {
      await using hostile = await startHostileRegistry(image, name);
      const outbound = {
        ...taskOf("").outbound,
        allowPrivate: ["127.0.0.1"],
        idleTimeoutMs: 1500,
        answerTimeoutMs: 1500,
      };
      const started = performance.now();
      const access = { credentials: login };
      const reading = read(taskOf(`${hostile.host}/a:1`, { outbound, access }), { heapMb: 128 });
      const outcome = await reading.catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code });
      expect(performance.now() - started).toBeLessThan(25_000);
      // What is endless is not read for long.
      expect(hostile.sentBytes()).toBeLessThan(64 * 2 ** 20);
    },
    60_000,
  );

  it("goes on past an image that was damaged on the way", async () => {
    await using registry = await startTestRegistry();
    const reference = registry.push("team/app", "1", image);
    registry.addFault({ match: new RegExp(image.layers[0]?.digest ?? ""), kind: "corrupt" });
    const task = taskOf(reference);
    const outcome = await read(task).catch((error: unknown) => error);
    const isTold = outcome instanceof Error || JSON.stringify(outcome).includes("incomplete");
    expect(isTold).toBe(true);
  });
});
