import {
  packageReachAnswer,
  packageReachQuery,
  revisionReachAnswer,
  vulnerabilityReachAnswer,
  vulnerabilityReachParams,
} from "@plimsoll/contract";
import { type BlastRadius, packageReach, revisionReach, vulnerabilityReach } from "@plimsoll/platform";
import { z } from "zod";
import { route } from "../../route.ts";

const permission = "results.read";

export const vulnerabilityBlastRadius = route({
  method: "GET",
  path: "/secure/vulnerability/v1/blast-radius/vulnerabilities/:id",
  permission,
  summary:
    "How far a vulnerability reaches now: images, workloads, registries, teams, severities, and the layers that bring it",
  schemas: { params: vulnerabilityReachParams, answer: vulnerabilityReachAnswer },
  handle: async (services, { params: { id }, actor }) => {
    const { aliases, ...reach } = await vulnerabilityReach(services, actor, id);
    return { aliases: [...aliases], ...copied(reach) };
  },
});

export const packageBlastRadius = route({
  method: "GET",
  path: "/secure/vulnerability/v1/blast-radius/packages",
  permission,
  summary: "The same for a package: a purl, name@version or a name",
  schemas: { query: packageReachQuery, answer: packageReachAnswer },
  handle: async (services, { query, actor }) => copied(await packageReach(services, actor, query.package)),
});

export const knowledgeReach = route({
  method: "GET",
  path: "/secure/vulnerability/v1/blast-radius/revisions/:seq",
  permission,
  summary:
    "What a revision of the vulnerability database changed, and for how many images and assets: by number, or `newest`",
  schemas: {
    params: z.object({ seq: z.union([z.literal("newest"), z.coerce.number().int().min(1).max(2_147_483_647)]) }),
    answer: revisionReachAnswer,
  },
  handle: async (services, { params: { seq }, actor }) => {
    const { vulnerabilities, ...reach } = await revisionReach(services, actor, seq === "newest" ? undefined : seq);
    return { ...reach, vulnerabilities: vulnerabilities.map((row) => ({ ...row })) };
  },
});

function copied<T extends BlastRadius>({ bySeverity, broughtBy, ...reach }: T) {
  return {
    ...reach,
    bySeverity: bySeverity.map((row) => ({ ...row })),
    broughtBy: broughtBy.map(({ bases, ...row }) => ({ ...row, bases: [...bases] })),
  };
}
