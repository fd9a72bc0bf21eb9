import type { ReactNode } from "react";
import styles from "./states.module.css";

interface EmptyProps {
  /** What would be here. */
  readonly title: string;
  /** The one command or button that fills it. */
  readonly children?: ReactNode;
}

/** Nothing to show, said as such: what would be here, and how it comes. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <svg className={styles.drawing} viewBox="0 0 32 32" aria-hidden="true">
        <g fill="none" stroke="currentColor" strokeWidth="2">
          <circle cx="16" cy="16" r="10" />
          <path d="M1 16h30" />
        </g>
      </svg>
      <h2 style={{ margin: 0, fontSize: 18 }}>{title}</h2>
      <div className={styles.quiet}>{children}</div>
    </div>
  );
}
