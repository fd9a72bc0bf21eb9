import type { Recommendations } from "@plimsoll/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import { Copyable } from "../../ui/copyable.tsx";
import { Mark } from "../../ui/marks.tsx";
import { plain } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./result.module.css";

interface AdviceProps {
  readonly advice: UseQueryResult<Recommendations>;
  readonly hasFindings: boolean;
}

const shownMost = 5;

/** Recommendations as sentences, each with the command to copy and what it brings. */
export function Advice({ advice: { data, error, refetch }, hasFindings }: AdviceProps) {
  if (error) return <Failed error={error} what="What to do could not be worked out" onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  if (data.total === 0) return <p>{hasFindings ? "Nothing that is found here has a fix yet." : "Nothing to do."}</p>;
  return (
    <>
      <ol className={styles.advice}>
        {data.data.slice(0, shownMost).map((one) => (
          <li key={`${one.ecosystem} ${one.name} ${one.to}`}>
            <div>
              <span>
                Bring {plain(one.name)} from {one.versions.map(plain).join(", ")} to {plain(one.to)}
              </span>
              <strong>{effectOf(one)}</strong>
              {one.exploitable > 0 && <Mark of="exploit" />}
            </div>
            {one.fixes.map(({ kind, text }) =>
              kind === "command" ? (
                <Copyable key={text} text={text} what="command" most={90} />
              ) : (
                <p key={text}>{plain(text)}</p>
              ),
            )}
          </li>
        ))}
      </ol>
      {data.total > shownMost && <p>{data.total - shownMost} more upgrades; each package says its own.</p>}
    </>
  );
}

const letters = { critical: "C", high: "H", medium: "M", unknown: "unrated", low: "L", negligible: "N" } as const;

/** "−1 C −2 M": what goes away. */
function effectOf({ clears }: Recommendations["data"][number]): string {
  return Object.entries(letters)
    .flatMap(([severity, letter]) => ((clears[severity] ?? 0) > 0 ? [`−${clears[severity]} ${letter}`] : []))
    .join(" ");
}
