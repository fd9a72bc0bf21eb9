import { Button } from "@mantine/core";
import type { FullResult } from "@plimsoll/contract";
import { useState } from "react";
import { plain } from "../../ui/plain.ts";
import { Partial } from "../../ui/states/partial.tsx";
import styles from "./result.module.css";

export type Problem = NonNullable<FullResult["problems"]>[number];

const shownAtFirst = 2;

/** What could not be read, matched or fetched; incomplete ones first, because a clean answer could be false. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const worth = problems.filter(({ level }) => level !== "note").toSorted((a, b) => rank(a) - rank(b));
  if (worth.length === 0) return null;
  const isIncomplete = worth.some(({ level }) => level === "incomplete");
  return (
    <Partial title={isIncomplete ? "This answer is incomplete" : "Worth knowing"}>
      <ProblemLines problems={isWhole ? worth : worth.slice(0, shownAtFirst)} />
      {worth.length > shownAtFirst && (
        <Button variant="subtle" size="compact-xs" onClick={() => setIsWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? "Show fewer" : `Show all ${worth.length}`}
        </Button>
      )}
    </Partial>
  );
}

/** Problems as lines: what, where, and what to do. */
export function ProblemLines({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <ul className={styles.lines}>
      {problems.map((problem) => (
        <li key={JSON.stringify(problem)}>
          {plain(problem.message)}
          {problem.path !== undefined && <code> {plain(problem.path)}</code>}
          {problem.next !== undefined && <span>: {plain(problem.next)}</span>}
        </li>
      ))}
    </ul>
  );
}

function rank({ level }: Problem): number {
  return level === "incomplete" ? 0 : 1;
}
