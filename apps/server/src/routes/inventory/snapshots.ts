import { snapshotAnswer, snapshotPartState, snapshotRequest } from "@plimsoll/contract";
import { readParts, receivePart, takeSnapshot } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

const path = "/secure/inventory/v1/snapshots";
const params = z.object({ id: z.uuid(), part: z.coerce.number().int().min(0).max(63) });

export const snapshotPart = route({
  method: "PUT",
  path: `${path}/:id/parts/:part`,
  takes: "bytes",
  permission: "inventory.send",
  summary: "Send a part of a snapshot of what runs, in any order",
  description:
    "JSON (schema `InventoryContents`), as it is or compressed by zstd or gzip; at most 8 MiB, and 16 MiB as JSON. The same part again changes nothing. `POST /secure/inventory/v1/snapshots` with this id ends the snapshot: nothing changes before.",
  schemas: { params, answer: snapshotPartState },
  handle: async (services, { params: { id, part }, body, actor }) => {
    const { received, ended } = await receivePart(services, actor, { id, part, bytes: body });
    return { received: [...received], ended };
  },
});

export const snapshotParts = route({
  method: "GET",
  path: `${path}/:id`,
  permission: "inventory.send",
  summary: "Which parts of a snapshot are here, and whether it was taken",
  schemas: { params: params.pick({ id: true }), answer: snapshotPartState },
  handle: async (services, { params: { id }, actor }) => {
    const { received, ended } = await readParts(services, actor, id);
    return { received: [...received], ended };
  },
});

export const snapshot = route({
  method: "POST",
  path,
  permission: "inventory.send",
  summary: "Take a snapshot of what runs, sent here whole or before in parts",
  description:
    "Alike replicas become one workload. What a complete snapshot does not name any more is gone at once; one that is not complete makes nothing vanish. Images that were scanned already, by a pipeline, from a registry or by the server, bring their packages and findings with them; the answer names the others. Sent again under its id a snapshot is answered as before.",
  schemas: { body: snapshotRequest, answer: snapshotAnswer },
  handle: async (services, { body, actor }) => takeSnapshot(services, actor, body),
});
