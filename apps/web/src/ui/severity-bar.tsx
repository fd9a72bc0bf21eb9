import { type Counts, colourOf, countsInWords, letterOf, severities } from "./severity.ts";
import styles from "./severity-bar.module.css";

/** Five counts in their fixed order, each with its letter; said in words to who hears the page. */
export function SeverityBar({ counts }: { readonly counts: Counts }) {
  return (
    <div className={styles.bar} role="img" aria-label={countsInWords(counts)}>
      {severities.map((severity) => (
        <span
          key={severity}
          className={`${styles.cell} ${counts[severity] === 0 ? styles.none : ""}`}
          style={{ "--colour": colourOf(severity) } as React.CSSProperties}
          title={`${counts[severity]} ${severity}`}
        >
          <span className={styles.letter}>{letterOf[severity]}</span>
          <span>{counts[severity]}</span>
        </span>
      ))}
    </div>
  );
}
