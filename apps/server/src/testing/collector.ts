import { randomUUID } from "node:crypto";
import { runtimeResultsAnswer, type SnapshotRequest } from "@plimsoll/contract";
import { chainIdsOf, type DiffId, digestOf, imageIdOf, type Package, type Sbom } from "@plimsoll/model";
import type { Headers } from "./asker.ts";
import { alpineWith } from "./send-scan.ts";
import type { TestServer } from "./test-server.ts";

/** A team, the token that its collector sends with, and one that reads what it sees. */
export async function newTeam(server: TestServer) {
  const team = await server.team();
  return { team, sender: await server.token({ team }), reader: await server.token({ team, role: "ROLE_TEAM_EDIT" }) };
}

/** Rows of the list of what runs. */
export async function runtimeRows({ app }: TestServer, headers: Headers, query = "") {
  const answer = await app.inject({ url: `/secure/vulnerability/v1/runtime-results?${query}`, headers });
  return runtimeResultsAnswer.parse(answer.json()).data;
}

/** An image of one layer that holds these packages, with the digests that a cluster knows it by. */
export function imageWith(
  name: string,
  ...packages: readonly Package[]
): Sbom & { readonly id: string; readonly digest: string } {
  const diffId = digestOf(`layer of ${name}`) as string as DiffId;
  const id = imageIdOf(digestOf(`config of ${name}`));
  const digest = digestOf(`manifest of ${name}`);
  const plain = alpineWith(...packages.map((pkg) => ({ ...pkg, introducedIn: diffId })));
  const config = { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" };
  const layer = { index: 0, command: "ADD", diffId, chainId: chainIdsOf([diffId])[0] ?? null, digest: null, size: 1 };
  return {
    ...plain,
    source: { kind: "image", transport: "registry", name },
    image: {
      ...{ imageId: id, digest, os: "linux", architecture: "amd64", author: "", created: null, size: 1, config },
      layers: [layer],
    },
    id,
    digest,
  };
}

/** Sends a snapshot; the answer as it came. */
export async function sendSnapshot(
  { app }: TestServer,
  headers: Headers,
  {
    cluster = "prod",
    ...said
  }: Partial<SnapshotRequest> & { readonly cluster?: string; readonly contents?: SnapshotRequest["contents"] },
) {
  const payload = {
    id: randomUUID(),
    source: { kind: "cluster", name: cluster },
    takenAt: "2026-11-22T11:00:00Z",
    complete: true,
    ...said,
  };
  const answer = await app.inject({ method: "POST", url: "/secure/inventory/v1/snapshots", headers, payload });
  return { status: answer.statusCode, body: answer.json() };
}

/** A workload of a namespace. */
export function workloadOf(
  name: string,
  image: { readonly name: string; readonly id?: string; readonly digest?: string },
) {
  const labels = {
    "kubernetes.namespace.name": "shop",
    "kubernetes.workload.type": "deployment",
    "kubernetes.workload.name": name,
  };
  return { labels, image };
}
