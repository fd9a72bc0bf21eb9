import { z } from "zod";
import { wireUtcInstant } from "../wire.ts";
import { listQuery, resultPage, textWithoutNul } from "./results.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const text = (longest: number) => z.string().max(longest);

const labels = z
  .record(text(1000), text(10_000))
  .describe("labels that scopes and zones select on: `kubernetes.cluster.name`, `host.hostName`, …");

const image = z
  .object({
    name: text(2000).min(1).describe("`[registry/]repository[:tag][@sha256:…]` as it was started"),
    id: digest.optional().describe("image id: digest of the image's configuration"),
    digest: digest.optional().describe("digest of the manifest that was pulled"),
  })
  .describe("without id and digest it is not known which image it is, only what it is called");

const mostLoaded = 20_000;

const loaded = z
  .object({
    purls: z.array(text(2000)).max(mostLoaded).optional(),
    paths: z.array(text(4096)).max(mostLoaded).optional().describe("files of language packages, jars and programs"),
    names: z
      .array(
        z.object({
          name: text(1000),
          version: text(500),
          type: text(50).optional().describe("type of its package URL: `deb`, `npm`, …"),
        }),
      )
      .max(mostLoaded)
      .optional(),
    since: wireUtcInstant.optional().describe("when the collector began to watch"),
  })
  .describe("what was seen loaded since it was started; absent: nobody looked, which is not the same as nothing");

/** Why something that runs is not scanned. */
export const unscannedReasons = ["never-scanned", "scan-failed", "unsupported", "credentials-missing"] as const;

const unscanned = z
  .object({ reason: z.enum(unscannedReasons), detail: text(2000).optional() })
  .describe("why the collector has not scanned it");

const container = z.object({
  id: text(200),
  name: text(500).optional(),
  pod: text(500).optional(),
});

const said = { labels: labels.optional(), loaded: loaded.optional(), unscanned: unscanned.optional() };

/** Most containers of one workload that are listed; `replicas` counts beyond. */
const mostContainers = 100_000;

const workload = z.object({
  ...said,
  image,
  replicas: z.int().min(1).max(10_000_000).optional().describe("default: the containers listed, at least 1"),
  containers: z.array(container).max(mostContainers).optional().describe("some are kept, all are counted"),
});

/** What runs, or a part of it. */
export const inventoryContents = z
  .object({
    workloads: z.array(workload).optional().describe("replicas may come as one or one by one: alike ones are one"),
    containers: z.array(workload).optional().describe("what nobody orchestrates; labels of its host"),
    hosts: z
      .array(z.object({ ...said, name: text(500).min(1) }))
      .optional()
      .describe("a host is known by its name"),
    registryImages: z
      .array(z.object({ image, vendor: text(200).optional(), unscanned: unscanned.optional() }))
      .optional()
      .describe("what a registry holds"),
  })
  .meta({ id: "InventoryContents" });

export const sourceKinds = ["cluster", "host", "registry", "other"] as const;

const source = z.object({
  kind: z.enum(sourceKinds),
  name: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, "control characters are not allowed"),
});

export const snapshotRequest = z
  .object({
    id: z.uuid().describe("the sender's name of this snapshot: sent again under it, the same answer comes"),
    source: source.describe("who says it; a team's cluster of that name, not another team's"),
    takenAt: wireUtcInstant.describe("by the collector's clock; what is older than the newest known changes nothing"),
    complete: z
      .boolean()
      .describe("it says all that this source sees: what it does not name is gone. false: only that these are there"),
    collector: text(200).optional().describe("name and version of the program"),
    parts: z.int().min(0).max(64).default(0).describe("parts sent before, numbered from 0"),
    contents: inventoryContents.optional().describe("a small snapshot whole, or the rest of one"),
  })
  .meta({ id: "SnapshotRequest" });

const count = z.int().min(0);

export const snapshotAnswer = z
  .object({
    outcome: z.enum(["taken", "outdated"]).describe("outdated: a newer one of this source was taken; nothing changed"),
    source: z.int().nullable(),
    seen: z.object({ workloads: count, containers: count, hosts: count, registryImages: count, replicas: count }),
    added: count,
    changed: count,
    unchanged: count,
    gone: count.describe("no longer there: a complete snapshot did not name them"),
    toScan: z
      .array(z.object({ image: z.string(), id: digest.optional(), digest: digest.optional() }))
      .describe("images that run and that nobody has scanned, at most 1,000"),
    toScanTotal: count,
    problems: z.array(z.string()).describe("what was cut, cleaned or doubted"),
  })
  .meta({ id: "SnapshotAnswer" });

export const snapshotPartState = z
  .object({ received: z.array(z.int()).describe("parts that are here"), ended: z.boolean() })
  .meta({ id: "SnapshotPartState" });

export const inventorySourcesAnswer = z
  .object({
    data: z.array(
      z.object({
        id: z.int(),
        kind: z.string(),
        name: z.string(),
        collector: z.string(),
        takenAt: wireUtcInstant,
        seenAt: wireUtcInstant,
        completeAt: wireUtcInstant.nullable().describe("null: it never said everything"),
        assets: count,
      }),
    ),
  })
  .meta({ id: "InventorySourcesResponse" });

export const unscannedQuery = listQuery.omit({ filter: true });

const place = z.object({
  assetId: z.string(),
  kind: z.string(),
  name: z.string(),
  scope: z.record(z.string(), z.unknown()),
  replicas: count,
  firstSeen: wireUtcInstant,
  containers: z.array(z.object({ id: z.string(), name: z.string().optional(), pod: z.string().optional() })),
});

export const unscannedAnswer = z
  .object({
    page: resultPage,
    data: z.array(
      z.object({
        name: z.string().describe("image or host"),
        imageId: z.string().nullable(),
        digest: z.string().nullable(),
        assetId: z.string().describe("one of those that run it: have this one scanned (Scan Now)"),
        assets: count,
        replicas: count,
        reason: z.enum([...unscannedReasons, "scan-queued"]),
        detail: z.string().nullable(),
        jobId: z.string().nullable().describe("the newest scan that was asked of the server"),
        firstSeen: wireUtcInstant,
      }),
    ),
  })
  .meta({ id: "UnscannedResponse" });

export const whereRunsQuery = z.object({
  image: textWithoutNul(80)
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe("image id, or digest of a manifest"),
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const whereRunsAnswer = z.object({ page: resultPage, data: z.array(place) }).meta({ id: "WhereRunsResponse" });

export const scanUnscannedRequest = z
  .object({ limit: z.int().min(1).max(1000).default(100) })
  .meta({ id: "ScanUnscannedRequest" });

export const scanUnscannedAnswer = z
  .object({ jobs: z.array(z.object({ image: z.string(), jobId: z.string() })) })
  .meta({ id: "ScanUnscannedAnswer" });

export type InventoryContents = z.infer<typeof inventoryContents>;
export type SnapshotRequest = z.infer<typeof snapshotRequest>;
export type SnapshotAnswer = z.infer<typeof snapshotAnswer>;
