import type { ReactNode } from "react";
import styles from "./states.module.css";

/** A hatched banner: what is missing here, and why. */
export function Partial({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <section className={styles.partial} aria-label={title}>
      <strong>{title}</strong>
      <div>{children}</div>
    </section>
  );
}
