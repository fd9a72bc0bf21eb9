import { CloseButton } from "@mantine/core";
import { shortened } from "../ui/plain.ts";
import { wordsOf } from "./filters.ts";
import styles from "./lists.module.css";
import type { ListView } from "./use-list-view.ts";

/** Every condition that holds, each to be taken away. */
export function Chips({ filters, set, clear }: ListView) {
  if (filters.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Filters that hold">
      {filters.map((filter) => {
        const words = shortened(wordsOf(filter), 80);
        return (
          <li key={`${filter.field.id} ${filter.isNot}`} className={styles.chip}>
            {words}
            <CloseButton
              size="xs"
              aria-label={`Take away: ${words}`}
              onClick={() => set(filter.field, "", { isNot: filter.isNot })}
            />
          </li>
        );
      })}
      {filters.length > 1 && (
        <li>
          <button type="button" className={styles.crumb} onClick={clear}>
            Take all away
          </button>
        </li>
      )}
    </ul>
  );
}
