import styles from "./states.module.css";

/** Rows that are on their way, in the place where they will be. */
export function LoadingRows({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else
        <div key={index} className={styles.row} style={{ width: `${92 - ((index * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
