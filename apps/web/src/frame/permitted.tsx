import { useMatches } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { pages } from "../pages.ts";
import { Empty } from "../ui/states/empty.tsx";
import { useMe } from "./me.ts";

/** The page if the person may open it; else what is missing, and who can give it. */
export function Permitted({ children }: { readonly children: ReactNode }) {
  const { permissions } = useMe();
  const { fullPath } = useMatches().at(-1) ?? {};
  const page = pages.find(({ path }) => path === fullPath);
  if (page?.permission === undefined || permissions.includes(page.permission)) return children;
  return (
    <>
      <h1>{page.title}</h1>
      <Empty title="This page is not open to you">
        It needs the permission <code>{page.permission}</code>. An administrator can give you a role that has it.
      </Empty>
    </>
  );
}
