import { plain } from "../../ui/plain.ts";
import type { Problem } from "./problem-list.tsx";
import styles from "./result.module.css";

/** That something of this row could not be read, with the words on hover and for who hears the page. */
export function ProblemMark({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const words = problems.map(({ message, path = "" }) => plain(`${message} ${path}`.trim())).join("; ");
  return (
    <span className={styles.problem} role="img" aria-label={words.slice(0, 600)} title={words.slice(0, 2000)}>
      ! {problems.length}
    </span>
  );
}
