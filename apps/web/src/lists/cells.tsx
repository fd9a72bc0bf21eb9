import { useView } from "../frame/view.ts";
import { Mark } from "../ui/marks.tsx";
import { plain, shortened } from "../ui/plain.ts";
import styles from "./lists.module.css";

interface MarkedCountsProps {
  readonly exploitable: number;
  readonly fixable: number;
  /** Of packages that are loaded; `null`: nothing tells. */
  readonly inUse?: number | null;
}

/** How many with an exploit, with a fix, in use; what is none is left out. */
export function MarkedCounts({ exploitable, fixable, inUse = null }: MarkedCountsProps) {
  if (exploitable === 0 && fixable === 0 && inUse === null) return <span className={styles.quiet}>none</span>;
  return (
    <span className={styles.marks}>
      {exploitable > 0 && (
        <span>
          <Mark of="exploit" />
          {exploitable}
        </span>
      )}
      {fixable > 0 && (
        <span>
          <Mark of="fix" />
          {fixable}
        </span>
      )}
      {inUse !== null && (
        <span>
          <Mark of="running" />
          {inUse}
        </span>
      )}
    </span>
  );
}

/** What stands where findings would: nobody has looked yet, which is not the same as none. */
export function Unscanned() {
  return <span className={styles.unscanned}>not scanned yet</span>;
}

/** A name from outside, shortened in the middle, the whole on hover. */
export function Name({ text, most = 70 }: { readonly text: string; readonly most?: number }) {
  return <span title={plain(text).slice(0, 2000)}>{shortened(text, most)}</span>;
}

interface LabelProps {
  /** Id of the filter that narrows by it. */
  readonly filter: string;
  readonly title: string;
  readonly value: unknown;
}

/** A label of a row, with ways to ask for it or for all others; "Add a filter" does the same by keys. */
export function Label({ filter, title, value }: LabelProps) {
  const [, change] = useView();
  if (typeof value !== "string" || value === "") return <span className={styles.quiet}>–</span>;
  const words = shortened(value, 60);
  return (
    <span className={styles.label}>
      <span title={plain(value).slice(0, 2000)}>{words}</span>
      <button
        type="button"
        tabIndex={-1}
        className={styles.narrow}
        aria-label={`Only ${title} ${words}`}
        onClick={() => change({ [filter]: value })}
      >
        =
      </button>
      <button
        type="button"
        tabIndex={-1}
        className={styles.narrow}
        aria-label={`All but ${title} ${words}`}
        onClick={() => change({ [`${filter}!`]: value })}
      >
        ≠
      </button>
    </span>
  );
}
