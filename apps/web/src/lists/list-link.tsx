import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { View } from "../frame/view.ts";
import type { Stage } from "./filters.ts";

interface ListLinkProps {
  readonly stage: Stage;
  /** The list's address: its conditions by name. */
  readonly view?: View;
  readonly children: ReactNode;
  readonly label?: string;
}

/** A way to the list that shows exactly what a number counts. */
export function ListLink({ stage, view = {}, children, label }: ListLinkProps) {
  return (
    <Link to={`/${stage}`} search={view} aria-label={label}>
      {children}
    </Link>
  );
}

interface CountLinkProps {
  readonly stage: Stage;
  readonly view: View;
  readonly count: number;
  /** What is counted, for who hears the page. */
  readonly what: string;
}

/** A number that leads to what it counts; none leads nowhere. */
export function CountLink({ stage, view, count, what }: CountLinkProps) {
  if (count === 0) return <span>0</span>;
  const words = count.toLocaleString("en");
  return (
    <ListLink stage={stage} view={view} label={`${words} ${what}`}>
      {words}
    </ListLink>
  );
}
