import type { FeedHealth, Feeds } from "@plimsoll/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { feedHealthQuery, feedsQuery } from "../../api/feeds.ts";
import { plain } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { Partial } from "../../ui/states/partial.tsx";
import { When } from "../../ui/when.tsx";

/** How old what we know is, and which feeds did not come. */
export function Knowledge() {
  const feeds = useQuery(feedsQuery);
  const health = useQuery(feedHealthQuery);
  return (
    <section aria-labelledby="knowledge">
      <h2 id="knowledge">Knowledge</h2>
      {feeds.isPending && <LoadingRows rows={3} />}
      {feeds.error && (
        <Failed error={feeds.error} what="Its state could not be loaded" onRetry={() => void feeds.refetch()} />
      )}
      {feeds.data && <Age feeds={feeds.data} />}
      {health.data && <Troubles rows={health.data} />}
      <p>
        <Link to="/settings/feeds">All feeds and their health</Link>
      </p>
    </section>
  );
}

function Age({ feeds: { builtAt, isStarter, feeds } }: { readonly feeds: Feeds }) {
  const count = (wanted: string) => feeds.filter(({ state }) => state === wanted).length;
  return (
    <>
      {isStarter && (
        <Partial title="Only starter knowledge">
          It comes with the program and knows little; have the feeds fetched.
        </Partial>
      )}
      <p>
        Built <When at={builtAt} /> from {feeds.length} feeds: {count("fresh")} fresh, {count("ageing")} ageing,{" "}
        {count("stale")} stale.
      </p>
    </>
  );
}

function Troubles({ rows }: { readonly rows: readonly FeedHealth[] }) {
  const failed = rows.filter(({ status }) => status === "kept-old" || status === "unavailable");
  if (failed.length === 0) return rows.length === 0 ? null : <p>Every feed came when it was last fetched.</p>;
  return (
    <Partial title={`${failed.length} of ${rows.length} feeds did not come`}>
      {failed.map(({ feed, succeededAt }) => (
        <div key={feed}>
          {plain(feed)}: last came <When at={succeededAt} />
        </div>
      ))}
    </Partial>
  );
}
