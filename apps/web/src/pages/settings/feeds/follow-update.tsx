import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { isOver, jobQuery } from "../../../api/jobs.ts";
import { JobState } from "../../../ui/job-state.tsx";
import { plain } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";

/** An update of what is known, as it goes on. */
export function FollowUpdate({ id }: { readonly id: string }) {
  const job = useQuery(jobQuery(id));
  const queries = useQueryClient();
  const isDone = job.data !== undefined && isOver(job.data);
  useEffect(() => {
    if (isDone) void queries.invalidateQueries({ queryKey: ["feeds"] });
  }, [isDone, queries]);
  if (job.data === undefined) {
    if (job.error === null) return <LoadingRows rows={1} />;
    return <Failed error={job.error} what="The update could not be followed" onRetry={() => void job.refetch()} />;
  }
  const { progress, error } = job.data;
  return (
    <div role="status">
      The update <JobState job={job.data} />
      {!isDone &&
        progress !== null &&
        `: ${plain(progress.step)}${progress.total === null ? "" : `, ${progress.done} of ${progress.total}`}`}
      {isDone && error !== null && `: ${plain(error.message)}`}
    </div>
  );
}
