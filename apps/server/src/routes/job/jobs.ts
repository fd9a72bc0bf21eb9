import { jobAnswer, jobParams, jobQuery, jobsAnswer, jobsQuery } from "@plimsoll/contract";
import { cancelJobFor, deleteJobFor, followJob, listJobs, retryJobFor } from "@plimsoll/platform";
import { route } from "../../route.ts";
import { jobRow } from "./job-rows.ts";

const path = "/secure/vulnerability/v1/jobs";
const one = `${path}/:id`;

export const listJobsRoute = route({
  method: "GET",
  path,
  permission: "signed-in",
  summary:
    "Jobs of the team, the newest first; with `state=dead` those that were given up. Needs jobs.read but for `mine`",
  schemas: { query: jobsQuery, answer: jobsAnswer },
  handle: async (services, { query, actor }) => {
    const { rows, next } = await listJobs(services, actor, query);
    return { page: next === null ? {} : { next }, data: rows.map(jobRow) };
  },
});

export const readJobRoute = route({
  method: "GET",
  path: one,
  permission: "signed-in",
  summary: "One job: how far it is, what came of it. Whoever asked for it may follow it; others need jobs.read",
  schemas: { params: jobParams, query: jobQuery, answer: jobAnswer },
  handle: async (services, { params: { id }, query: { wait, version }, actor }) =>
    jobRow(await followJob(services, actor, { id, waitMs: wait * 1000, version })),
});

export const cancelJobRoute = route({
  method: "POST",
  path: `${one}/cancel`,
  permission: "signed-in",
  summary: "Cancel a job: at once while it is queued, soon while it runs. Its asker may; others need jobs.edit",
  schemas: { params: jobParams, answer: jobAnswer },
  handle: async (services, { params: { id }, actor }) => jobRow(await cancelJobFor(services, actor, id)),
});

export const retryJobRoute = route({
  method: "POST",
  path: `${one}/retry`,
  permission: "jobs.edit",
  summary: "Have a job that failed, was cancelled or given up done anew",
  schemas: { params: jobParams, answer: jobAnswer },
  handle: async (services, { params: { id }, actor }) => jobRow(await retryJobFor(services, actor, id)),
});

export const deleteJobRoute = route({
  method: "DELETE",
  path: one,
  permission: "jobs.edit",
  summary: "Forget a job that has ended",
  status: 204,
  schemas: { params: jobParams },
  handle: async (services, { params: { id }, actor }) => {
    await deleteJobFor(services, actor, id);
    return undefined;
  },
});
