import type { FullResult } from "@plimsoll/contract";
import { useState } from "react";
import { plain } from "../../ui/plain.ts";
import { Partial } from "../../ui/states/partial.tsx";

type Problem = NonNullable<FullResult["problems"]>[number];

const shownAtFirst = 3;

/** What could not be read, matched or fetched; incomplete ones first, because a clean answer could be false. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const worth = problems.filter(({ level }) => level !== "note").toSorted((a, b) => rank(a) - rank(b));
  if (worth.length === 0) return null;
  const isIncomplete = worth.some(({ level }) => level === "incomplete");
  const shown = isWhole ? worth : worth.slice(0, shownAtFirst);
  return (
    <Partial title={isIncomplete ? "This answer is incomplete" : "Worth knowing"}>
      <ul style={{ margin: 0, paddingLeft: "1.2em" }}>
        {shown.map((problem) => (
          <li key={keyOf(problem)}>
            {plain(problem.message)}
            {problem.path !== undefined && <code> {plain(problem.path)}</code>}
            {problem.next !== undefined && <span>: {plain(problem.next)}</span>}
          </li>
        ))}
      </ul>
      {worth.length > shownAtFirst && (
        <button type="button" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? "Show fewer" : `Show all ${worth.length}`}
        </button>
      )}
    </Partial>
  );
}

function rank({ level }: Problem): number {
  return level === "incomplete" ? 0 : 1;
}

function keyOf({ code, message, path }: Problem): string {
  return JSON.stringify([code, message, path]);
}
