import { ageProblems } from "@plimsoll/evaluate";
import type { FeedState } from "@plimsoll/model";
import type { DbStatus } from "@plimsoll/vulndb";
import { type Actor, demand } from "../../identity/actor.ts";
import type { Services } from "../services.ts";

/** A feed with how old its data is by this server's clock. */
export interface FeedAge extends FeedState {
  /** Whole days; `null`: it has no date. */
  readonly ageDays: number | null;
  /** As verdicts take it (decision 1): `ageing` is a warning, `stale` makes clean answers incomplete. */
  readonly state: "fresh" | "ageing" | "stale";
}

/** What this server judges with. */
export interface KnownFeeds {
  readonly status: DbStatus;
  readonly feeds: readonly FeedAge[];
}

const ages = { warnDays: 14, maxDays: 90 };
const dayMs = 86_400_000;

/** Everything that is known, feed by feed. Throws FORBIDDEN. */
export async function listFeeds({ knowledge, clock }: Services, actor: Actor): Promise<KnownFeeds> {
  demand(actor, "feeds.read");
  const { status } = knowledge.current().base;
  return { status, feeds: status.feeds.map((feed) => agedFeed(feed, clock())) };
}

function agedFeed(feed: FeedState, now: number): FeedAge {
  const level = ageProblems([feed], ages, now).problems[0]?.level;
  const date = Date.parse(feed.date);
  return {
    ...feed,
    ageDays: Number.isNaN(date) ? null : Math.max(0, Math.floor((now - date) / dayMs)),
    state: level === undefined ? "fresh" : level === "incomplete" ? "stale" : "ageing",
  };
}
