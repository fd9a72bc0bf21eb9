import { VisuallyHidden } from "@mantine/core";
import { useView } from "../../frame/view.ts";
import { shortened } from "../../ui/plain.ts";
import { countsInWords, severities } from "../../ui/severity.ts";
import { headingOf } from "./from-headings.ts";
import type { LayerRow } from "./model.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

/** The image's layers, lowest first, under the bases they came with; one that is pressed narrows every tab to it. */
export function LayerStack({ whole: { layers, findings }, layer }: ResultView) {
  const [, change] = useView();
  if (layers.length === 0) return null;
  const withContent = layers.filter(({ digest, counts }) => digest !== "" || hasAny(counts));
  return (
    <section className={styles.stack} aria-label="Narrow to a layer">
      <button
        type="button"
        className={styles.layer}
        aria-pressed={layer === undefined}
        onClick={() => change({ layer: undefined })}
      >
        <span />
        <strong>All layers</strong>
        <span>{findings.length}</span>
      </button>
      {withContent.map((row, index) => (
        <Layer
          key={row.key}
          row={row}
          isOpen={row.key === layer?.key}
          heading={headingOf(withContent, index)}
          onPress={() => change({ layer: row.key === layer?.key ? undefined : row.key })}
        />
      ))}
    </section>
  );
}

interface LayerProps {
  readonly row: LayerRow;
  readonly isOpen: boolean;
  readonly heading: string;
  readonly onPress: () => void;
}

function Layer({ row: { index, command, counts }, isOpen, heading, onPress }: LayerProps) {
  return (
    <>
      {heading !== "" && <div className={styles.base}>{heading}</div>}
      <button type="button" className={styles.layer} aria-pressed={isOpen} onClick={onPress} title={command}>
        <span>{index}</span>
        <span className={styles.command}>{shortened(command, 300)}</span>
        <span>
          <span aria-hidden="true">{shortCounts(counts)}</span>
          <VisuallyHidden>{countsInWords(counts)}</VisuallyHidden>
        </span>
      </button>
    </>
  );
}

function hasAny(counts: LayerRow["counts"]): boolean {
  return severities.some((severity) => counts[severity] > 0);
}

/** The two worst that are there: "C1 H8". */
function shortCounts(counts: LayerRow["counts"]): string {
  const told = severities.filter((severity) => counts[severity] > 0).slice(0, 2);
  return told.map((severity) => `${severity.charAt(0).toUpperCase()}${counts[severity]}`).join(" ");
}
