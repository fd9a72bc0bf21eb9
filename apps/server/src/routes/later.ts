import { platformError } from "@plimsoll/platform";
import { type Access, type Route, route } from "../route.ts";

/** An endpoint that clients of the reference know and this version does not have. */
interface Later {
  readonly methods: readonly Route["method"][];
  readonly path: string;
  readonly what: string;
}

interface Chapter {
  /** What answers ask the reader to wait for, or to use instead. */
  readonly when: string;
  readonly permission: Access;
  readonly rows: readonly Later[];
}

const read = ["GET"] as const;
const listed = ["GET", "POST"] as const;
const one = ["GET", "PUT", "DELETE"] as const;

/** The one table of them: what it is, and what brings it. */
const chapters: readonly Chapter[] = [
  {
    when: "it comes with the policies' editor; until then plimsoll evaluates its predefined policies",
    permission: "policies.read",
    rows: [
      { methods: listed, path: "/secure/vulnerability/v1/policies", what: "Policies" },
      { methods: one, path: "/secure/vulnerability/v1/policies/:id", what: "A policy" },
      { methods: listed, path: "/secure/vulnerability/v1/bundles", what: "Rule bundles" },
      { methods: one, path: "/secure/vulnerability/v1/bundles/:id", what: "A rule bundle" },
    ],
  },
  {
    when: "it comes with the acceptance of risks",
    permission: "risks.read",
    rows: [
      { methods: listed, path: "/secure/vulnerability/v1beta1/accepted-risks", what: "Accepted risks" },
      { methods: one, path: "/secure/vulnerability/v1beta1/accepted-risks/:id", what: "An accepted risk" },
    ],
  },
  {
    when: "it comes with the query language; until then use the lists' filters and the search",
    permission: "signed-in",
    rows: [
      { methods: listed, path: "/api/sysql/v2/query", what: "A query in SysQL" },
      { methods: read, path: "/api/sysql/v2/schema", what: "The schema of SysQL" },
      { methods: read, path: "/api/sage/sysql/generate", what: "A query made from a question" },
    ],
  },
  {
    when: "it comes with reports and dashboards; until then plimsoll scan writes reports in many formats",
    permission: "signed-in",
    rows: [
      { methods: read, path: "/platform/reporting/v1/jobs", what: "The list of report jobs" },
      { methods: read, path: "/platform/reporting/v1/schedules", what: "The list of scheduled reports" },
      { methods: ["POST"], path: "/api/platform/analytics/v1/data/query", what: "A query of trends" },
    ],
  },
  {
    when: "it comes with notifications and tickets",
    permission: "signed-in",
    rows: [
      { methods: listed, path: "/platform/v1/notification-channels", what: "Notification channels" },
      { methods: one, path: "/platform/v1/notification-channels/:id", what: "A notification channel" },
      { methods: listed, path: "/api/notificationChannels", what: "Notification channels, older shape" },
      { methods: one, path: "/api/notificationChannels/:id", what: "A notification channel, older shape" },
      { methods: listed, path: "/platform/jira/v1/integrations", what: "Jira integrations" },
      { methods: one, path: "/platform/jira/v1/integrations/:id", what: "A Jira integration" },
      { methods: listed, path: "/platform/jira/v1/integrations/:id/issue-types", what: "Issue types of Jira" },
      { methods: one, path: "/platform/jira/v1/integrations/:id/issue-types/:typeId", what: "An issue type of Jira" },
    ],
  },
  {
    when: "it comes with the posture of hosts and clusters; until then lists of runtime results say what runs where",
    permission: "signed-in",
    rows: [
      { methods: read, path: "/secure/inventory/v1/resources", what: "The inventory of resources" },
      { methods: read, path: "/secure/inventory/v1/resources/:hash", what: "A resource" },
      { methods: read, path: "/api/cspm/v1/inventory/resources", what: "The inventory of resources, older shape" },
      { methods: one, path: "/api/cspm/v1/zones/:id/policies", what: "A zone's posture policies" },
    ],
  },
  {
    when: "it comes with collectors of their own; until then they sign in with tokens of service accounts",
    permission: "signed-in",
    rows: [
      { methods: listed, path: "/platform/v1/access-keys", what: "Agents' access keys" },
      { methods: one, path: "/platform/v1/access-keys/:id", what: "An agents' access key" },
      { methods: read, path: "/api/customer/accessKeys", what: "Agents' access keys, older shape" },
      { methods: listed, path: "/api/groupmappings", what: "Groups of a single sign-on" },
      { methods: one, path: "/api/groupmappings/:id", what: "A group of a single sign-on" },
    ],
  },
  {
    when: "the older scanning API ended in 2024: use /secure/vulnerability/v1 for results, SBOMs and vulnerabilities",
    permission: "signed-in",
    rows: [
      { methods: listed, path: "/api/scanning/v1/anchore/images", what: "The older list of images" },
      { methods: read, path: "/api/scanning/v1/anchore/images/:digest/vuln/:type", what: "The older vulnerabilities" },
      { methods: read, path: "/api/scanning/v1/anchore/images/:digest/check", what: "The older evaluation" },
      { methods: listed, path: "/api/scanning/v1/anchore/policies", what: "The older policies" },
      { methods: read, path: "/api/scanning/v1/images/:digest/report", what: "The older report" },
      { methods: read, path: "/api/scanning/v1/images/:digest/policyEvaluation", what: "The older policy evaluation" },
    ],
  },
];

/** Endpoints of later versions: 501 for whoever may call them, so that clients can tell "not yet" from "never". */
export const laterRoutes: readonly Route[] = chapters.flatMap(({ when, permission, rows }) =>
  rows.flatMap(({ methods, path, what }) =>
    methods.map((method) =>
      route({
        method,
        path,
        permission,
        status: 501,
        summary: `${what} (not built yet)`,
        description: `Answers 501: ${when}.`,
        schemas: {},
        handle: async () => {
          throw platformError("NOT_BUILT", { fields: { what, when } });
        },
      }),
    ),
  ),
);
