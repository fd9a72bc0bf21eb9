import { feedsAnswer, feedsOlderAnswer } from "@plimsoll/contract";
import { listFeeds } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const feeds = route({
  method: "GET",
  path: "/secure/vulnerability/v1/feeds",
  permission: "feeds.read",
  summary: "What is known, feed by feed, and how old it is",
  schemas: { answer: feedsAnswer },
  handle: async (services, { actor }) => {
    const { status, feeds: aged } = await listFeeds(services, actor);
    const { revision, builtAt, starter, origin } = status;
    return {
      revision,
      builtAt,
      isStarter: starter,
      origin: origin === undefined ? null : { ...origin, signedBy: [...origin.signedBy] },
      feeds: aged.map((feed) => ({ ...feed, date: feed.date === "" ? null : feed.date })),
    };
  },
});

/** Harbor's adapter reads these fields; a feed without a date is as old as the database. */
export const feedsOlder = route({
  method: "GET",
  path: "/api/scanning/v1/system/feeds",
  permission: "feeds.read",
  summary: "The feeds in the older shape that Harbor's adapter knows",
  schemas: { answer: feedsOlderAnswer },
  handle: async (services, { actor }) => {
    const { status, feeds: aged } = await listFeeds(services, actor);
    return aged.map(({ id, date, records }) => {
      const at = Number.isNaN(Date.parse(date)) ? status.builtAt : new Date(date).toISOString();
      const group = { name: id, record_count: records, created_at: at, last_sync: status.builtAt };
      return { name: id, created_at: at, updated_at: at, last_full_sync: status.builtAt, groups: [group] };
    });
  },
});
