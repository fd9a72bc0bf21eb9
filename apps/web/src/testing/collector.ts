import { randomUUID } from "node:crypto";
import type { SnapshotRequest } from "@plimsoll/contract";
import type { Harbour } from "./harbour.ts";

/** Says what runs in a cluster, whole, as a collector does. */
export async function collect(
  { url, scannerToken }: Harbour,
  cluster: string,
  contents: NonNullable<SnapshotRequest["contents"]>,
): Promise<void> {
  const source = { kind: "cluster", name: cluster };
  const answer = await fetch(`${url}/secure/inventory/v1/snapshots`, {
    method: "POST",
    headers: { authorization: `Bearer ${scannerToken}`, "content-type": "application/json" },
    body: JSON.stringify({ id: randomUUID(), source, takenAt: new Date().toISOString(), complete: true, contents }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}
