import styles from "./marks.module.css";

const marks = {
  kev: { sign: "⚡", words: "known to be exploited" },
  exploit: { sign: "⚗", words: "an exploit exists" },
  fix: { sign: "⚒", words: "a fix exists" },
  running: { sign: "◉", words: "in use" },
} as const;

/** The same marks everywhere, with words on hover and for who hears the page. */
export function Mark({ of }: { readonly of: keyof typeof marks }) {
  const { sign, words } = marks[of];
  return (
    <span className={styles.mark} role="img" aria-label={words} title={words}>
      {sign}
    </span>
  );
}
