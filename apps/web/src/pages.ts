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
    path: "/pipeline",
    title: "Pipeline results",
    nav: { group: "Findings", sign: "⇥", key: "p" },
    permission: "results.read",
    load: () => import("./pages/pipeline/page.tsx"),
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
];
