import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { feedHealthQuery, feedsQuery, updateFeeds } from "../../../api/feeds.ts";
import { useMay } from "../../../frame/me.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { plain, shortened } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { Partial } from "../../../ui/states/partial.tsx";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import styles from "../settings.module.css";
import { type FeedRow, feedRows, tries } from "./feed-rows.ts";
import { FollowUpdate } from "./follow-update.tsx";

const columns: readonly Column<FeedRow>[] = [
  {
    id: "feed",
    title: "Feed",
    width: "26%",
    cell: ({ id, title }) => <span title={plain(id)}>{shortened(title, 50)}</span>,
  },
  {
    id: "state",
    title: "State",
    width: "80px",
    cell: ({ state }) => (
      <span className={styles.feed} data-state={state}>
        {state}
      </span>
    ),
  },
  { id: "date", title: "Data of", width: "132px", cell: ({ date }) => <When at={date} /> },
  {
    id: "records",
    title: "Records",
    width: "92px",
    align: "right",
    cell: ({ records }) => records?.toLocaleString("en") ?? "",
  },
  {
    id: "tried",
    title: "Last try",
    width: "132px",
    cell: ({ triedAt }) => (triedAt === null ? "not yet" : <When at={triedAt} />),
  },
  {
    id: "outcome",
    title: "What came of it",
    width: "auto",
    cell: ({ status, error }) => (
      <span title={plain(error ?? "")}>
        {error === null ? ((status && tries[status]) ?? "") : `${status && tries[status]}: ${shortened(error, 90)}`}
      </span>
    ),
  },
];

export function Page() {
  const known = useQuery(feedsQuery);
  const health = useQuery(feedHealthQuery);
  const [{ job }] = useView();
  const rows = known.data && health.data && feedRows(known.data.feeds, health.data);
  return (
    <ListPage<FeedRow>
      title="Feeds"
      intro="What is known of vulnerabilities, by whom it is published, and how old it is."
      rows={{
        data: rows,
        error: known.error ?? health.error,
        isPending: rows === undefined && known.error === null && health.error === null,
        refetch: () => Promise.all([known.refetch(), health.refetch()]),
      }}
      columns={columns}
      keyOf={({ id }) => id}
      action={<UpdateNow />}
      filters={
        <>
          {job !== undefined && <FollowUpdate key={job} id={job} />}
          {known.data?.isStarter && (
            <Partial title="Only the starter knowledge is here">
              The small database that comes with the program: most packages cannot be judged by it. Have knowledge
              updated.
            </Partial>
          )}
          {known.data && (
            <p className={styles.intro}>
              In use: revision <code>{plain(known.data.revision).slice(0, 16)}</code>, built{" "}
              <When at={known.data.builtAt} />.{" "}
              <Link to="/settings/jobs" search={{ name: "feed-update" }}>
                Updates
              </Link>
            </p>
          )}
        </>
      }
      emptyTitle="Nothing is known yet"
      empty="Have knowledge updated, or start the server with a vulnerability database."
    />
  );
}

function UpdateNow() {
  const mayUpdate = useMay("feeds.edit");
  const [, change] = useView();
  const asking = useMutation({ mutationFn: updateFeeds, onSuccess: (job) => change({ job }) });
  if (!mayUpdate) return null;
  return (
    <div>
      <Button onClick={() => asking.mutate()} loading={asking.isPending}>
        Update now
      </Button>
      {asking.error && <Failed error={asking.error} what="The update was not started" />}
    </div>
  );
}
