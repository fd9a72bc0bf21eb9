import type { Job } from "@plimsoll/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { jobsQuery } from "../../api/jobs.ts";
import type { Column } from "../../ui/data-table/column.ts";
import { imageOf } from "../../ui/image-of.ts";
import { JobState } from "../../ui/job-state.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { When } from "../../ui/when.tsx";
import { ListOf } from "../settings/list-page.tsx";
import styles from "./scan.module.css";

const columns: readonly Column<Job>[] = [
  {
    id: "image",
    title: "Image",
    width: "50%",
    cell: (job) => <span title={plain(imageOf(job))}>{shortened(imageOf(job), 80)}</span>,
  },
  { id: "state", title: "State", width: "16%", cell: (job) => <JobState job={job} /> },
  { id: "asked", title: "Asked", width: "18%", cell: ({ createdAt }) => <When at={createdAt} /> },
  {
    id: "result",
    title: "Result",
    width: "16%",
    cell: ({ resultId }) => (resultId === null ? "" : <Link to={`/results/${resultId}`}>Open the result</Link>),
  },
];

/** What one has had scanned, the newest first; a row is followed. */
export function RecentScans() {
  const navigate = useNavigate();
  const list = useInfiniteQuery(jobsQuery({ name: "scan-image", mine: true }));
  return (
    <section className={styles.recent} aria-label="Your scans">
      <h2>Your scans</h2>
      <ListOf<Job>
        label="Scans that you asked for"
        rows={{ ...list, data: list.data?.pages.flatMap(({ data }) => data) }}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: "/scan", search: { job: id } })}
        onEnd={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
        emptyTitle="You have had nothing scanned yet"
        empty="Name an image above: the server pulls it, reads its layers and says what is wrong with it."
      />
    </section>
  );
}
