import { Button, Group } from "@mantine/core";
import type { Job } from "@plimsoll/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { cancelJob, deleteJob, isOver, jobQuery, retryJob } from "../../../api/jobs.ts";
import { useMay, useMe } from "../../../frame/me.ts";
import { Danger } from "../../../ui/form/danger.tsx";
import { JobState } from "../../../ui/job-state.tsx";
import { plain } from "../../../ui/plain.ts";
import { Failed } from "../../../ui/states/failed.tsx";
import { LoadingRows } from "../../../ui/states/loading-rows.tsx";
import { When } from "../../../ui/when.tsx";
import styles from "../settings.module.css";
import { jobWords } from "./job-words.ts";

/** One job as it goes on, and what can be done about it. */
export function JobDetail({ id, onGone }: { readonly id: string; readonly onGone: () => void }) {
  const job = useQuery(jobQuery(id));
  if (job.data === undefined) {
    if (job.error === null) return <LoadingRows rows={6} />;
    return <Failed error={job.error} what="The job could not be loaded" onRetry={() => void job.refetch()} />;
  }
  return (
    <>
      <Facts job={job.data} />
      {job.data.error !== null && (
        <section className={styles.section} aria-label="What went wrong">
          <h2>What went wrong</h2>
          <div>{plain(job.data.error.message)}</div>
          {job.data.error.details.map((line) => (
            <div key={line} className={styles.quiet}>
              {plain(line)}
            </div>
          ))}
        </section>
      )}
      <Deeds job={job.data} onGone={onGone} />
    </>
  );
}

function Facts({ job }: { readonly job: Job }) {
  const { progress, summary, resultId } = job;
  const facts = Object.entries(summary ?? {}).filter(([, value]) => value !== null);
  return (
    <dl className={styles.facts}>
      <dt>Does</dt>
      <dd>{jobWords(job.name)}</dd>
      <dt>About</dt>
      <dd>{plain(job.key).slice(0, 2000)}</dd>
      <dt>State</dt>
      <dd>
        <JobState job={job} />
      </dd>
      {progress !== null && !isOver(job) && <dt>Step</dt>}
      {progress !== null && !isOver(job) && (
        <dd>
          {plain(progress.step)} {progress.total !== null && `(${progress.done} of ${progress.total})`}
        </dd>
      )}
      <dt>Tries</dt>
      <dd>
        {job.attempts} of {job.maxAttempts}
        {job.crashes > 0 && `, ${job.crashes} ended with their process`}
      </dd>
      <dt>Asked by</dt>
      <dd>{plain(job.askedBy)}</dd>
      <dt>Asked</dt>
      <dd>
        <When at={job.createdAt} />
      </dd>
      {job.endedAt !== null && <dt>Ended</dt>}
      {job.endedAt !== null && (
        <dd>
          <When at={job.endedAt} />
        </dd>
      )}
      {facts.map(([name, value]) => [
        <dt key={`${name} `}>{plain(name)}</dt>,
        <dd key={name}>{plain(String(value))}</dd>,
      ])}
      {resultId !== null && <dt>Result</dt>}
      {resultId !== null && (
        <dd>
          <Link to={`/results/${resultId}`}>Open the result</Link>
        </dd>
      )}
    </dl>
  );
}

function Deeds({ job, onGone }: { readonly job: Job; readonly onGone: () => void }) {
  const mayEdit = useMay("jobs.edit");
  const isAsker = job.askedBy === `person:${useMe().id}`;
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ["/secure/vulnerability/v1/jobs"] });
  const acting = useMutation({ mutationFn: (act: (id: string) => Promise<Job>) => act(job.id), onSettled: refresh });
  return (
    <>
      {acting.error && <Failed error={acting.error} what="That did not work" />}
      <Group mt="md" gap="xs">
        {!isOver(job) && (mayEdit || isAsker) && (
          <Button variant="default" disabled={job.cancelling} onClick={() => acting.mutate(cancelJob)}>
            {job.cancelling ? "Cancelling" : "Cancel"}
          </Button>
        )}
        {isOver(job) && job.state !== "done" && mayEdit && (
          <Button onClick={() => acting.mutate(retryJob)} loading={acting.isPending}>
            Do it anew
          </Button>
        )}
        {isOver(job) && mayEdit && (
          <Danger
            verb="Delete"
            title={`Forget job ${job.id}?`}
            act={() => deleteJob(job.id)}
            onDone={() => {
              refresh();
              onGone();
            }}
          >
            What is known of this job goes, also why it failed. {job.resultId !== null && "Its result stays."}
          </Danger>
        )}
      </Group>
    </>
  );
}
