import { auditAnswer, auditQuery } from "@plimsoll/contract";
import { listAudit } from "@plimsoll/platform";
import { route } from "../../route.ts";

export const auditEvents = route({
  method: "GET",
  path: "/platform/v1/platform-audit-events",
  permission: "audit.read",
  summary: "Who did what, the newest first; filter by actor, actorName, action, subject, address",
  schemas: { query: auditQuery, answer: auditAnswer },
  handle: async (services, { actor, query }) => {
    const { rows, next } = await listAudit(services, actor, query);
    return {
      page: next === null ? {} : { next },
      data: rows.map(({ at, ...row }) => ({ ...row, timestamp: at.toISOString() })),
    };
  },
});
