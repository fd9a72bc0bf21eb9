import { Button } from "@mantine/core";
import type { Job } from "@plimsoll/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { cancelJob, isOver, jobQuery } from "../../api/jobs.ts";
import { imageOf } from "../../ui/image-of.ts";
import { plain, shortened } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import { When } from "../../ui/when.tsx";
import { LayerProgress } from "./layer-progress.tsx";
import styles from "./scan.module.css";
import { WhatFailed } from "./what-failed.tsx";

/** A scan as it goes on; when it ends well while somebody watches, its result opens. */
export function Follow({ id }: { readonly id: string }) {
  const job = useQuery(jobQuery(id));
  useOpening(job.data);
  useNewsForLists(job.data);
  if (job.data === undefined) {
    if (job.error === null) return <LoadingRows rows={3} />;
    return <Failed error={job.error} what={`Scan ${id} could not be followed`} onRetry={() => void job.refetch()} />;
  }
  return (
    <section className={styles.follow} aria-label="The scan">
      <Head job={job.data} />
      {job.error && <Failed error={job.error} what="No news of this scan" onRetry={() => void job.refetch()} />}
      <State job={job.data} />
    </section>
  );
}

/** Opens the result of a scan that was seen running: what was done before stays where it is. */
function useOpening(job: Job | undefined): void {
  const navigate = useNavigate();
  const wasRunning = useRef(false);
  useEffect(() => {
    if (job === undefined) return;
    if (!isOver(job)) wasRunning.current = true;
    else if (wasRunning.current && job.resultId !== null) void navigate({ to: `/results/${job.resultId}` });
  }, [job, navigate]);
}

/** What lists of results and jobs show is old once a scan ends. */
function useNewsForLists(job: Job | undefined): void {
  const queries = useQueryClient();
  const state = job?.state;
  useEffect(() => {
    if (state === undefined || state === "running") return;
    void queries.invalidateQueries({
      predicate: ({ queryKey: [path, part] }) =>
        typeof path === "string" && path.startsWith("/secure/vulnerability/v1/") && part !== "one",
    });
  }, [state, queries]);
}

function Head({ job }: { readonly job: Job }) {
  const queries = useQueryClient();
  const cancelling = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSuccess: (news) => queries.setQueryData(jobQuery(job.id).queryKey, news),
  });
  return (
    <div className={styles.head}>
      <h2 title={plain(imageOf(job))}>{shortened(imageOf(job), 90)}</h2>
      {!isOver(job) && (
        <Button
          variant="default"
          size="xs"
          onClick={() => cancelling.mutate()}
          loading={cancelling.isPending}
          disabled={job.cancelling}
        >
          {job.cancelling ? "Cancelling" : "Cancel"}
        </Button>
      )}
      {cancelling.error && <Failed error={cancelling.error} what="It was not cancelled" />}
    </div>
  );
}

function State({ job }: { readonly job: Job }) {
  switch (job.state) {
    case "queued":
      return <Waiting job={job} />;
    case "running":
      return <LayerProgress job={job} />;
    case "done":
      return <Done job={job} />;
    case "cancelled":
      return <p role="status">It was cancelled; nothing was kept.</p>;
    default:
      return <WhatFailed job={job} />;
  }
}

function Waiting({ job: { error, attempts, maxAttempts, runAt } }: { readonly job: Job }) {
  if (error === null) return <p role="status">Waiting until the server has time for it.</p>;
  return (
    <div role="status">
      <p>
        {plain(error.message)}. Tried {attempts} of {maxAttempts} times; tried again <When at={runAt} />.
      </p>
      {error.details.map((line) => (
        <div key={line} className={styles.quiet}>
          {plain(line)}
        </div>
      ))}
    </div>
  );
}

function Done({ job: { resultId, summary } }: { readonly job: Job }) {
  const { packages, problems, hasMoved } = summary ?? {};
  return (
    <div role="status">
      <p>
        Done: {String(packages ?? "no")} packages
        {typeof problems === "number" && problems > 0 && `, ${problems} things to know about what was read`}.
        {hasMoved === true && " The name stands for another image than at its last scan."}
      </p>
      {resultId !== null && <Link to={`/results/${resultId}`}>Open the result</Link>}
    </div>
  );
}
