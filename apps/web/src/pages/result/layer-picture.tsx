import { VisuallyHidden } from "@mantine/core";
import { useView } from "../../frame/view.ts";
import { shortened } from "../../ui/plain.ts";
import { colourOf, countsInWords, letterOf, severities } from "../../ui/severity.ts";
import { sizeText } from "../../ui/sizes.ts";
import styles from "./layer-picture.module.css";
import type { LayerRow } from "./model.ts";
import { ProblemMark } from "./problem-mark.tsx";
import type { ResultView } from "./result-view.ts";

/** Height of all layers together, and of the least one, in px. */
const whole = 360;
const least = 30;

/** The stack as it lies: a layer's height is its size, its fill what it brought. A layer that is pressed narrows everything to it. */
export function LayerPicture({ whole: { layers }, layer, result: { problems = [] } }: ResultView) {
  const [, change] = useView();
  const bytes = layers.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const most = Math.max(1, ...layers.map(totalOf));
  return (
    <ol className={styles.picture} aria-label="Layers, the lowest first">
      {layers.map((row) => (
        <li key={row.key}>
          <button
            type="button"
            className={styles.block}
            aria-pressed={row.key === layer?.key}
            style={{ height: Math.max(least, bytes === 0 ? least : Math.round((whole * (row.size ?? 0)) / bytes)) }}
            onClick={() => change({ layer: row.key === layer?.key ? undefined : row.key })}
          >
            <span className={styles.index}>{row.index}</span>
            <Fill row={row} most={most} />
            <span className={styles.words}>
              <code title={row.command}>{shortened(row.command, 120)}</code>
              <ProblemMark problems={problems.filter(({ layer: diffId }) => diffId === row.digest && diffId !== "")} />
              <span className={styles.facts}>{factsOf(row)}</span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** As wide as there are findings, in the colours of their severities, each with its letter. */
function Fill({ row, most }: { readonly row: LayerRow; readonly most: number }) {
  return (
    <span className={styles.fill}>
      <VisuallyHidden>{countsInWords(row.counts)}</VisuallyHidden>
      {severities
        .filter((severity) => row.counts[severity] > 0)
        .map((severity) => (
          <span
            key={severity}
            aria-hidden="true"
            title={`${row.counts[severity]} ${severity}`}
            style={{
              flexBasis: `${(100 * row.counts[severity]) / most}%`,
              borderColor: colourOf(severity),
              color: colourOf(severity),
            }}
          >
            {letterOf[severity]}
            {row.counts[severity]}
          </span>
        ))}
    </span>
  );
}

function totalOf({ counts }: LayerRow): number {
  return severities.reduce((sum, severity) => sum + counts[severity], 0);
}

function factsOf({ digest, size, packages }: LayerRow): string {
  if (digest === "") return "no file system";
  return `${sizeText(size)}, ${packages === 1 ? "1 package" : `${packages} packages`}`;
}
