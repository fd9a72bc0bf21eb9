import { z } from "zod";

/** What is known and how old it is. */
export const feedsAnswer = z
  .object({
    revision: z.string(),
    builtAt: z.string(),
    isStarter: z.boolean().describe("the small database that comes with the program"),
    origin: z
      .object({
        signedBy: z.array(z.string()),
        createdAt: z.string(),
        expiresAt: z.string(),
        checkedAt: z.string(),
      })
      .nullable()
      .describe("of a database that was not built here"),
    feeds: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        date: z.string().nullable().describe("of the data, not of the download"),
        records: z.int(),
        ageDays: z.int().nullable(),
        state: z
          .enum(["fresh", "ageing", "stale"])
          .describe(
            "`ageing` after 14 days, or without a date: verdicts warn; `stale` after 90: what it covers is incomplete",
          ),
      }),
    ),
  })
  .meta({ id: "Feeds" });

/** The older list (contract 1.1): one group for each feed. */
export const feedsOlderAnswer = z
  .array(
    z.object({
      name: z.string(),
      created_at: z.string(),
      updated_at: z.string(),
      last_full_sync: z.string(),
      groups: z.array(
        z.object({ name: z.string(), record_count: z.int(), created_at: z.string(), last_sync: z.string() }),
      ),
    }),
  )
  .meta({ id: "FeedsOlder" });

export type Feeds = z.output<typeof feedsAnswer>;
