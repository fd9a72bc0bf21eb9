import { randomUUID } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asker, type Headers } from "./testing/asker.ts";
import { newTeam, runtimeRows, sendSnapshot, workloadOf } from "./testing/collector.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

// What collectors say runs, sent as they send it, and read as clients read it.

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const ask = asker(() => ({ server }));
const get = (url: string, as: Headers) => ask("GET", url, { as });

const inventory = "/secure/inventory/v1";
const rows = (reader: Headers, query = "") => runtimeRows(server, reader, query);

describe("a snapshot", () => {
  it("makes one workload of alike replicas, and one that is not complete makes nothing vanish", async () => {
    const { sender, reader } = await newTeam(server);
    const image = { name: "r.example/shop/web:1" };
    const replicas = ["a", "b", "c"].map((id) => ({
      ...workloadOf("web", image),
      containers: [{ id, pod: `web-${id}` }],
    }));
    const first = await sendSnapshot(server, sender, {
      contents: { workloads: [...replicas, workloadOf("job", image)] },
    });
    expect(first).toMatchObject({
      status: 200,
      body: { outcome: "taken", seen: { workloads: 2, replicas: 4 }, added: 2, gone: 0, toScanTotal: 1 },
    });
    const { body: csv } = await server.app.inject({
      url: "/secure/vulnerability/v1/runtime-results/csv",
      headers: reader,
    });
    // Not scanned: no noughts, no verdict, no date.
    expect(
      csv
        .split("\r\n")
        .filter((line) => line.startsWith(image.name))
        .sort(),
    ).toEqual(["job", "web"].map((name) => `${image.name},workload,prod,shop,${name},,${",".repeat(11)}`));
    const partial = await sendSnapshot(server, sender, {
      complete: false,
      contents: { workloads: [workloadOf("web", image)] },
    });
    expect(partial.body).toMatchObject({ changed: 1, gone: 0 });
    expect(await rows(reader)).toHaveLength(2);
    const whole = await sendSnapshot(server, sender, { contents: { workloads: [workloadOf("web", image)] } });
    expect(whole.body).toMatchObject({ added: 0, changed: 0, unchanged: 1, gone: 1 });
    const [row, ...more] = await rows(reader);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      sbomId: null,
      resultId: "",
      resourceId: "",
      mainAssetName: image.name,
      isRiskSpotlightEnabled: false,
    });
    expect(row?.scope).toMatchObject({
      "asset.type": "workload",
      "kubernetes.cluster.name": "prod",
      "kubernetes.workload.name": "web",
    });
  });

  it("comes in parts, in any order and compressed or not, and is answered again as before", async () => {
    const { sender, reader } = await newTeam(server);
    const id = randomUUID();
    const part = async (n: number, contents: object, compress = false) => {
      const json = Buffer.from(JSON.stringify(contents));
      const payload = compress ? zstdCompressSync(json) : json;
      const headers = { ...sender, "content-type": "application/octet-stream" };
      return (
        await server.app.inject({ method: "PUT", url: `${inventory}/snapshots/${id}/parts/${n}`, headers, payload })
      ).json();
    };
    const image = { name: "shop/a" };
    const ended = () => sendSnapshot(server, sender, { id, parts: 3, cluster: "parts" });
    expect(await part(2, { workloads: [workloadOf("w2", image)] })).toEqual({ received: [2], ended: false });
    expect(await part(0, { workloads: [workloadOf("w0", image)] }, true)).toEqual({ received: [0, 2], ended: false });
    expect(await ended()).toMatchObject({ status: 400, body: { type: "SNAPSHOT_PARTS_MISSING" } });
    expect(
      await part(1, { hosts: [{ name: "node-1" }], containers: [{ image, labels: { "host.hostName": "node-1" } }] }),
    ).toEqual({
      ...{ received: [0, 1, 2], ended: false },
    });
    expect(await part(1, { hosts: [] })).toMatchObject({ type: "SNAPSHOT_PART_DIFFERS" });
    const first = await ended();
    expect(first).toMatchObject({ status: 200, body: { added: 4, seen: { workloads: 2, hosts: 1, containers: 1 } } });
    expect(await ended()).toEqual(first);
    expect(await part(1, { hosts: [] })).toEqual({ received: [], ended: true });
    expect((await rows(reader)).map(({ scope }) => scope["asset.type"]).sort()).toEqual([
      "container",
      "host",
      "workload",
      "workload",
    ]);
  });

  it("stays in the team of its token, whatever cluster it claims", async () => {
    const [one, two] = [await newTeam(server), await newTeam(server)];
    const image = { name: "shop/b" };
    await sendSnapshot(server, one.sender, { contents: { workloads: [workloadOf("w", image)] } });
    const claimed = await sendSnapshot(server, two.sender, { contents: { workloads: [workloadOf("x", image)] } });
    expect(claimed.body).toMatchObject({ added: 1, gone: 0 });
    const names = async (reader: typeof one.reader) =>
      (await rows(reader)).map(({ scope }) => scope["kubernetes.workload.name"]);
    expect(await names(one.reader)).toEqual(["w"]);
    expect(await names(two.reader)).toEqual(["x"]);
    expect((await get(`${inventory}/sources`, two.reader)).body.data).toHaveLength(1);
    expect((await get(`${inventory}/unscanned`, two.reader)).body.data).toMatchObject([{ name: "shop/b", assets: 1 }]);
    await sendSnapshot(server, two.sender, { contents: {} });
    expect(await names(one.reader)).toEqual(["w"]);
    expect(await names(two.reader)).toEqual([]);
  });

  it("that is older than the newest changes nothing, and one from the future does not keep later ones out", async () => {
    const { sender, reader } = await newTeam(server);
    const image = { name: "shop/c" };
    const future = await sendSnapshot(server, sender, {
      takenAt: "2999-01-01T00:00:00Z",
      contents: { workloads: [workloadOf("w", image)] },
    });
    expect(future.body).toMatchObject({ outcome: "taken", problems: [expect.stringContaining("ahead")] });
    const older = await sendSnapshot(server, sender, { takenAt: "2026-11-22T11:59:00Z", contents: {} });
    expect(older.body).toMatchObject({ outcome: "outdated", gone: 0 });
    expect(await rows(reader)).toHaveLength(1);
    const next = await sendSnapshot(server, sender, { takenAt: "2026-11-22T12:00:01Z", contents: {} });
    expect(next.body).toMatchObject({ outcome: "taken", gone: 1 });
  });

  it("of nonsense is refused or cleaned, and never a defect", async () => {
    const { sender, reader } = await newTeam(server);
    const labels = {
      ...Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`kubernetes.pod.label.${n}`, "x".repeat(400)])),
      "kubernetes.workload.name": "a\u0000b\u202ec\ud800",
      __proto__: "x",
      "container.image": "forged",
      ["k".repeat(900)]: "v".repeat(9000),
    };
    const taken = await sendSnapshot(server, sender, {
      contents: { workloads: [{ labels, image: { name: "n".repeat(1999) } }] },
    });
    expect(taken).toMatchObject({ status: 200, body: { added: 1, problems: [expect.stringContaining("1 rows")] } });
    const [row] = await rows(reader);
    expect(row?.scope["kubernetes.workload.name"]).toBe("a\ufffdb\ufffdc\ufffd");
    expect(Object.keys(row?.scope ?? {}).length).toBeLessThan(110);
    expect(row?.scope["container.image"]).not.toBe("forged");
    for (const contents of [
      { workloads: [{}] },
      { workloads: [{ image: { name: "a", id: "sha256:x" } }] },
      { hosts: [{ name: 5 }] },
    ]) {
      expect((await sendSnapshot(server, sender, { contents: contents as never })).status).toBe(400);
    }
  });
});
