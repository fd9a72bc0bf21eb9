import type { Recommendations } from "@plimsoll/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import { Copyable } from "../../ui/copyable.tsx";
import { Mark } from "../../ui/marks.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./result.module.css";

interface AdviceProps {
  readonly advice: UseQueryResult<Recommendations>;
  readonly hasFindings: boolean;
  /** Key of the layer whose packages alone are meant. */
  readonly layer: string | undefined;
}

type Upgrade = Recommendations["data"][number];

const shownMost = 5;

/** Recommendations as sentences, each with the command to copy and what it brings. */
export function Advice({ advice: { data, error, refetch }, hasFindings, layer }: AdviceProps) {
  if (error) return <Failed error={error} what="What to do could not be worked out" onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  const upgrades = data.data.filter(({ layers }) => layer === undefined || layers.includes(layer));
  if (upgrades.length === 0)
    return <p>{hasFindings ? "Nothing that is found here has a fix yet." : "Nothing to do."}</p>;
  // A layer's are counted among those that came; the whole target's are all there are.
  const more = (layer === undefined ? data.total : upgrades.length) - shownMost;
  return (
    <>
      <ol className={styles.advice}>
        {upgrades.slice(0, shownMost).map((one) => (
          <UpgradeItem key={`${one.ecosystem} ${one.name} ${one.to}`} upgrade={one} />
        ))}
      </ol>
      {more > 0 && <p>{more === 1 ? "1 more upgrade" : `${more} more upgrades`}; each package says its own.</p>}
    </>
  );
}

function UpgradeItem({ upgrade }: { readonly upgrade: Upgrade }) {
  return (
    <li>
      <div>
        <span>
          Bring {shortened(upgrade.name, 80)} from {upgrade.versions.map(plain).join(", ")} to {plain(upgrade.to)}
        </span>
        <strong title={`clears ${effectInWords(upgrade)}`}>{effectOf(upgrade)}</strong>
        {upgrade.exploitable > 0 && <Mark of="exploit" />}
      </div>
      {upgrade.fixes.map(({ kind, text }) => (
        <Copyable key={text} text={text} what={kind === "command" ? "command" : "what to change"} most={200} />
      ))}
    </li>
  );
}

const letters = { critical: "C", high: "H", medium: "M", unknown: "unrated", low: "L", negligible: "N" } as const;

/** "−1 C −2 M": what goes away. */
function effectOf({ clears }: Upgrade): string {
  return Object.entries(letters)
    .flatMap(([severity, letter]) => ((clears[severity] ?? 0) > 0 ? [`−${clears[severity]} ${letter}`] : []))
    .join(" ");
}

function effectInWords({ clears }: Upgrade): string {
  return Object.entries(clears)
    .flatMap(([severity, count]) => (count > 0 ? [`${count} ${severity === "unknown" ? "unrated" : severity}`] : []))
    .join(", ");
}
