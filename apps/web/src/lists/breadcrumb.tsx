import { shortened } from "../ui/plain.ts";
import type { ListFilter } from "./filters.ts";
import type { Level } from "./list-kind.ts";
import styles from "./lists.module.css";
import type { ListView } from "./use-list-view.ts";

interface BreadcrumbProps {
  readonly levels: readonly Level[];
  readonly many: string;
  readonly list: ListView;
}

/** From the whole down to where one is, and by what to take it apart next. */
export function Breadcrumb({ levels, many, list: { view, filters, change } }: BreadcrumbProps) {
  const path = levels.flatMap((level) => {
    const filter = filters.find(({ field, isNot }) => field.id === level.filter && !isNot);
    return filter === undefined ? [] : [{ level, filter }];
  });
  const next = levels.find((level) => !path.some((step) => step.level === level));
  const by = levels.find((level) => level.by === view.by);
  const whole = Object.fromEntries(levels.map(({ filter }) => [filter, undefined]));
  return (
    <nav className={styles.crumbs} aria-label="Where in the list">
      {path.length > 0 || by !== undefined ? (
        <button
          type="button"
          className={styles.crumb}
          onClick={() => change({ ...whole, by: path.length > 0 ? levels[0]?.by : undefined })}
        >
          {path.length > 0 ? `All ${levels[0]?.many}` : `All ${many}`}
        </button>
      ) : (
        <span>All {many}</span>
      )}
      {path.map(({ level, filter }, at) => (
        <Step
          key={level.by}
          filter={filter}
          onGo={at === path.length - 1 && by === undefined ? undefined : () => change(below(levels, level))}
        />
      ))}
      {by === undefined ? (
        next && (
          <button type="button" className={styles.crumb} onClick={() => change({ by: next.by })}>
            By {next.title.toLowerCase()}
          </button>
        )
      ) : (
        <>
          <span aria-hidden="true">›</span>
          <span aria-current="true">by {by.title.toLowerCase()}</span>
          {path.length > 0 && (
            <button type="button" className={styles.crumb} onClick={() => change({ by: undefined })}>
              As {many}
            </button>
          )}
        </>
      )}
    </nav>
  );
}

function Step({ filter, onGo }: { readonly filter: ListFilter; readonly onGo: (() => void) | undefined }) {
  const words = shortened(filter.value, 60);
  return (
    <>
      <span aria-hidden="true">›</span>
      {onGo === undefined ? (
        <span aria-current="true">{words}</span>
      ) : (
        <button type="button" className={styles.crumb} onClick={onGo}>
          {words}
        </button>
      )}
    </>
  );
}

/** To a step of the way: what lies below it falls away, and shows as the next level. */
function below(levels: readonly Level[], level: Level): Record<string, string | undefined> {
  const at = levels.indexOf(level);
  const deeper = Object.fromEntries(levels.slice(at + 1).map(({ filter }) => [filter, undefined]));
  return { ...deeper, by: levels[at + 1]?.by };
}
