import type { ReactNode } from "react";
import styles from "./small-table.module.css";

interface SmallTableProps {
  readonly label: string;
  readonly heads: readonly string[];
  /** All but the first column are numbers. */
  readonly isNumbers?: boolean;
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table of few rows, shown whole; where it is too wide it scrolls by itself. */
export function SmallTable({ label, heads, isNumbers = false, children }: SmallTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (WCAG 2.1.1)
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table} data-numbers={isNumbers || undefined}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
