import { NativeSelect } from "@mantine/core";
import type { Job } from "@plimsoll/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { jobStates, jobsQuery } from "../../../api/jobs.ts";
import { useView } from "../../../frame/view.ts";
import type { Column } from "../../../ui/data-table/column.ts";
import { FormDrawer } from "../../../ui/form/form-drawer.tsx";
import { JobState } from "../../../ui/job-state.tsx";
import { plain, shortened } from "../../../ui/plain.ts";
import { When } from "../../../ui/when.tsx";
import { ListPage } from "../list-page.tsx";
import styles from "../settings.module.css";
import { JobDetail } from "./job-detail.tsx";
import { jobNames, jobSubject, jobWords } from "./job-words.ts";

const columns: readonly Column<Job>[] = [
  { id: "id", title: "Job", width: "72px", cell: ({ id }) => id },
  { id: "name", title: "Does", width: "164px", cell: ({ name }) => jobWords(name) },
  {
    id: "key",
    title: "About",
    width: "auto",
    cell: (job) => <span title={plain(job.key).slice(0, 500)}>{shortened(jobSubject(job), 60)}</span>,
  },
  { id: "state", title: "State", width: "148px", cell: (job) => <JobState job={job} /> },
  {
    id: "tries",
    title: "Tries",
    width: "72px",
    align: "right",
    cell: ({ attempts, maxAttempts }) => `${attempts} of ${maxAttempts}`,
  },
  { id: "made", title: "Asked", width: "132px", cell: ({ createdAt }) => <When at={createdAt} /> },
];

export function Page() {
  const [{ open, state, name }, change] = useView();
  const list = useInfiniteQuery({ ...jobsQuery({ state, name }), refetchInterval: 10_000 });
  const isNarrowed = state !== undefined || name !== undefined;
  return (
    <ListPage<Job>
      title="Jobs"
      intro="What the server does beside answering. A dead letter was tried as often as it may be: mend its cause, then have it done anew."
      rows={{ ...list, data: list.data?.pages.flatMap(({ data }) => data) }}
      columns={columns}
      keyOf={({ id }) => id}
      onOpen={({ id }) => change({ open: id })}
      openKey={open}
      onEnd={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
      filters={
        <search className={styles.line} aria-label="Narrow the list">
          <NativeSelect
            label="State"
            data={[
              { value: "", label: "any" },
              ...jobStates.map((word) => ({ value: word, label: word === "dead" ? "dead letters" : word })),
            ]}
            value={state ?? ""}
            onChange={(event) => change({ state: event.currentTarget.value || undefined }, { replace: true })}
          />
          <NativeSelect
            label="Does"
            data={[
              { value: "", label: "anything" },
              ...jobNames.map((word) => ({ value: word, label: jobWords(word) })),
            ]}
            value={name ?? ""}
            onChange={(event) => change({ name: event.currentTarget.value || undefined }, { replace: true })}
          />
        </search>
      }
      emptyTitle={isNarrowed ? "No job is like that" : "There was no job yet"}
      empty={isNarrowed ? "Choose another state." : "Scan Now and updates of what is known make jobs."}
    >
      {open !== undefined && (
        <FormDrawer title={`Job ${plain(open)}`} onClose={() => change({ open: undefined })}>
          <JobDetail key={open} id={open} onGone={() => change({ open: undefined })} />
        </FormDrawer>
      )}
    </ListPage>
  );
}
