import { askedJobAnswer, feedHealthAnswer } from "@plimsoll/contract";
import { askFeedUpdate, listFeedHealth } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const feedHealth = route({
  method: "GET",
  path: "/secure/vulnerability/v1/feeds/health",
  permission: "feeds.read",
  summary: "How each feed fared when it was last fetched",
  schemas: { answer: feedHealthAnswer },
  handle: async (services, { actor }) => {
    const rows = await listFeedHealth(services, actor);
    return {
      data: rows.map(({ triedAt, succeededAt, ...row }) => ({
        ...row,
        triedAt: triedAt.toISOString(),
        succeededAt: succeededAt?.toISOString() ?? null,
      })),
    };
  },
});

export const updateFeedsNow = route({
  method: "POST",
  path: "/secure/vulnerability/v1/feeds/update",
  permission: "feeds.edit",
  summary: "Have knowledge fetched now; follow the job",
  status: 202,
  schemas: { answer: askedJobAnswer },
  handle: async (services, { actor }) => ({ jobId: await askFeedUpdate(services, actor) }),
});
