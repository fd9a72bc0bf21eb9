import {
  inventorySourcesAnswer,
  scanUnscannedAnswer,
  scanUnscannedRequest,
  unscannedAnswer,
  unscannedQuery,
  whereRunsAnswer,
  whereRunsQuery,
} from "@plimsoll/contract";
import { readSources, readUnscanned, readWhereRuns, scanUnscanned } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { pageOf } from "../result/result-rows.ts";

const path = "/secure/inventory/v1";

export const sources = route({
  method: "GET",
  path: `${path}/sources`,
  permission: "results.read",
  summary: "Clusters, hosts and registries that say what runs, and when each was heard last",
  schemas: { answer: inventorySourcesAnswer },
  handle: async (services, { actor }) => {
    const rows = await readSources(services, actor);
    return {
      data: rows.map(({ takenAt, seenAt, completeAt, ...row }) => ({
        ...row,
        takenAt: takenAt.toISOString(),
        seenAt: seenAt.toISOString(),
        completeAt: completeAt?.toISOString() ?? null,
      })),
    };
  },
});

export const whereRuns = route({
  method: "GET",
  path: `${path}/where-runs`,
  permission: "results.read",
  summary: "What runs an image",
  schemas: { query: whereRunsQuery, answer: whereRunsAnswer },
  handle: async (services, { query: { image, ...page }, actor }) => {
    const listed = await readWhereRuns(services, actor, { image: image.slice("sha256:".length), ...page });
    const data = listed.rows.map(({ firstSeen, containers, ...row }) => ({
      ...row,
      containers: [...containers],
      firstSeen: firstSeen.toISOString(),
    }));
    return { page: pageOf(listed), data };
  },
});

export const unscanned = route({
  method: "GET",
  path: `${path}/unscanned`,
  permission: "results.read",
  summary: "What runs and nobody has scanned, with the reason; Scan Now takes the asset",
  schemas: { query: unscannedQuery, answer: unscannedAnswer },
  handle: async (services, { query, actor }) => {
    const listed = await readUnscanned(services, actor, query);
    const data = listed.rows.map(({ imageId, digest, firstSeen, ...row }) => ({
      ...row,
      imageId: digestText(imageId),
      digest: digestText(digest),
      firstSeen: firstSeen.toISOString(),
    }));
    return { page: pageOf(listed), data };
  },
});

export const unscannedScan = route({
  method: "POST",
  path: `${path}/unscanned/scan`,
  permission: "scan-now.run",
  summary: "Have what runs unscanned scanned by the server, behind all that is more urgent",
  status: 202,
  schemas: { body: scanUnscannedRequest, answer: scanUnscannedAnswer },
  handle: async (services, { body: { limit }, actor }) => ({
    jobs: [...(await scanUnscanned(services, actor, limit))],
  }),
});

function digestText(hex: string | null): string | null {
  return hex === null ? null : `sha256:${hex}`;
}
