import type { ComponentType } from "react";

export interface Page {
  /** Below the base; `$name` is a parameter. */
  readonly path: string;
  readonly title: string;
  /** Place in the navigation; absent: reached from elsewhere. */
  readonly nav?: {
    readonly group: "Findings" | "Work" | "Settings" | "";
    readonly sign: string;
    readonly key?: string;
  };
  /** Row of the table of permissions; absent: everybody who is signed in. */
  readonly permission?: string;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}

/** Every page: the only file that knows all of them. */
export const pages: readonly Page[] = [
  {
    path: "/",
    title: "Home",
    nav: { group: "", sign: "⌂", key: "h" },
    permission: "results.read",
    load: () => import("./pages/home/page.tsx"),
  },
  {
    path: "/pipeline",
    title: "Pipeline results",
    nav: { group: "Findings", sign: "⇥", key: "p" },
    permission: "results.read",
    load: () => import("./pages/pipeline/page.tsx"),
  },
  {
    path: "/registry",
    title: "Registry images",
    nav: { group: "Findings", sign: "▤", key: "r" },
    permission: "results.read",
    load: () => import("./pages/registry/page.tsx"),
  },
  {
    path: "/runtime",
    title: "Runtime",
    nav: { group: "Findings", sign: "▷", key: "t" },
    permission: "results.read",
    load: () => import("./pages/runtime/page.tsx"),
  },
  {
    path: "/search",
    title: "Search",
    permission: "results.read",
    load: () => import("./pages/search/page.tsx"),
  },
  {
    path: "/vulnerabilities/$id",
    title: "Vulnerability",
    permission: "results.read",
    load: () => import("./pages/vulnerability/page.tsx"),
  },
  {
    path: "/packages",
    title: "Package",
    permission: "results.read",
    load: () => import("./pages/package/page.tsx"),
  },
  {
    path: "/results/$resultId",
    title: "Result",
    permission: "results.read",
    load: () => import("./pages/result/page.tsx"),
  },
  {
    path: "/results/$resultId/now",
    title: "Then and today",
    permission: "results.read",
    load: () => import("./pages/result-now/page.tsx"),
  },
  {
    path: "/scan",
    title: "Scan now",
    nav: { group: "Work", sign: "+", key: "s" },
    permission: "scan-now.run",
    load: () => import("./pages/scan/page.tsx"),
  },
  {
    path: "/settings/registries",
    title: "Registries",
    nav: { group: "Settings", sign: "·" },
    permission: "credentials.read",
    load: () => import("./pages/settings/registries/page.tsx"),
  },
  {
    path: "/settings/users",
    title: "Users",
    nav: { group: "Settings", sign: "·" },
    permission: "users.edit",
    load: () => import("./pages/settings/users/page.tsx"),
  },
  {
    path: "/settings/teams",
    title: "Teams",
    nav: { group: "Settings", sign: "·" },
    permission: "team.read",
    load: () => import("./pages/settings/teams/page.tsx"),
  },
  {
    path: "/settings/roles",
    title: "Roles",
    nav: { group: "Settings", sign: "·" },
    permission: "team.read",
    load: () => import("./pages/settings/roles/page.tsx"),
  },
  {
    path: "/settings/zones",
    title: "Zones",
    nav: { group: "Settings", sign: "·" },
    permission: "zones.read",
    load: () => import("./pages/settings/zones/page.tsx"),
  },
  {
    path: "/settings/tokens",
    title: "API tokens",
    nav: { group: "Settings", sign: "·" },
    load: () => import("./pages/settings/tokens/page.tsx"),
  },
  {
    path: "/settings/feeds",
    title: "Feeds",
    nav: { group: "Settings", sign: "·" },
    permission: "feeds.read",
    load: () => import("./pages/settings/feeds/page.tsx"),
  },
  {
    path: "/settings/jobs",
    title: "Jobs",
    nav: { group: "Settings", sign: "·" },
    permission: "jobs.read",
    load: () => import("./pages/settings/jobs/page.tsx"),
  },
  {
    path: "/settings/audit",
    title: "Audit log",
    nav: { group: "Settings", sign: "·" },
    permission: "audit.read",
    load: () => import("./pages/settings/audit/page.tsx"),
  },
  {
    path: "/settings/account",
    title: "Your account",
    nav: { group: "Settings", sign: "·" },
    load: () => import("./pages/settings/account/page.tsx"),
  },
];
