import { platformError } from "../../errors.ts";
import { type Actor, demand } from "../../identity/actor.ts";
import { recordAudit } from "../../store/audit/record-audit.ts";
import type { JobView } from "../../store/jobs/job-row.ts";
import { cancelJob, deleteJob, readJob, retryJob } from "../../store/jobs/list.ts";
import { inTransaction, type Queryable } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/**
 * Ends a queued job at once, asks a running one to stop; whoever asked for it may, others need the permission. Throws
 * FORBIDDEN, NOT_FOUND, JOB_ENDED.
 */
export function cancelJobFor(services: Services, actor: Actor, id: string): Promise<JobView> {
  return changed(services, actor, {
    id,
    action: "job.cancel",
    mayOwner: true,
    change: async (client, { state }) => {
      if ((await cancelJob(client, actor, id)) === "ended") throw platformError("JOB_ENDED", { fields: { id, state } });
    },
  });
}

/** Has a job that failed, was cancelled or given up done anew. Throws FORBIDDEN, NOT_FOUND, JOB_NOT_RETRIED. */
export function retryJobFor(services: Services, actor: Actor, id: string): Promise<JobView> {
  return changed(services, actor, {
    id,
    action: "job.retry",
    mayOwner: false,
    change: async (client, { state }) => {
      const refused = (await retryJob(client, actor, id)) === "refused";
      if (refused) throw platformError("JOB_NOT_RETRIED", { fields: { id, state } });
    },
  });
}

/** Forgets a job that has ended. Throws FORBIDDEN, NOT_FOUND, JOB_NOT_ENDED. */
export async function deleteJobFor(services: Services, actor: Actor, id: string): Promise<void> {
  await changed(services, actor, {
    id,
    action: "job.delete",
    mayOwner: false,
    change: async (client, { state }) => {
      const refused = (await deleteJob(client, actor, id)) === "refused";
      if (refused) throw platformError("JOB_NOT_ENDED", { fields: { id, state } });
    },
  });
}

interface Change {
  readonly id: string;
  readonly action: string;
  readonly mayOwner: boolean;
  readonly change: (client: Queryable, job: JobView) => Promise<void>;
}

/** The change and its audit in one transaction; answers the job as it then is, or was last. */
async function changed({ pool, clock }: Services, actor: Actor, { id, action, ...rest }: Change): Promise<JobView> {
  return inTransaction(pool, async (client) => {
    const job = await readJob(client, actor, id);
    if (job === null) throw platformError("NOT_FOUND", { fields: { what: "job" } });
    if (!(rest.mayOwner && job.askedBy === actor.id)) demand(actor, "jobs.edit");
    await rest.change(client, job);
    const detail = { name: job.name, key: job.key, was: job.state };
    await recordAudit(client, actor, { action, subject: `job:${id}`, detail, at: clock() });
    return (await readJob(client, actor, id)) ?? job;
  });
}
