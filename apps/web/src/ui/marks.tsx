import { Icon } from "./icon.tsx";
import styles from "./marks.module.css";

const marks = {
  kev: { icon: "spark", words: "known to be exploited" },
  exploit: { icon: "flask", words: "an exploit exists" },
  fix: { icon: "wrench", words: "a fix exists" },
  running: { icon: "eye", words: "in use" },
} as const;

/** The same marks everywhere, with words on hover and for who hears the page. */
export function Mark({ of }: { readonly of: keyof typeof marks }) {
  const { icon, words } = marks[of];
  return (
    <span className={styles.mark} role="img" aria-label={words} title={words}>
      <Icon of={icon} />
    </span>
  );
}
