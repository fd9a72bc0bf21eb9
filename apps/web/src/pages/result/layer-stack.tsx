import { VisuallyHidden } from "@mantine/core";
import { useView } from "../../frame/view.ts";
import { plain, shortened } from "../../ui/plain.ts";
import { countsInWords, severities } from "../../ui/severity.ts";
import type { LayerRow } from "./model.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

/** The image's layers, lowest first, under the bases they came with; one that is pressed narrows every tab to it. */
export function LayerStack({ model: { layers, findings } }: ResultView) {
  const [{ layer }, change] = useView();
  if (layers.length === 0) return null;
  const withPackages = layers.filter(({ digest, counts }) => digest !== "" || hasAny(counts));
  return (
    <section className={styles.stack} aria-label="Layers">
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
      {withPackages.map((row, index) => (
        <Layer
          key={row.key}
          row={row}
          isOpen={row.key === layer}
          heading={basesText(row) === basesText(withPackages[index - 1]) ? "" : headingOf(row)}
          onPress={() => change({ layer: row.key === layer ? undefined : row.key })}
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
      <button type="button" className={styles.layer} aria-pressed={isOpen} onClick={onPress} title={plain(command)}>
        <span>{index}</span>
        <span className={styles.command}>{shortened(command || "(no command recorded)", 300)}</span>
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

function basesText(row: LayerRow | undefined): string {
  return row === undefined ? "\0" : row.bases.join("\n");
}

function headingOf({ bases }: LayerRow): string {
  return bases.length === 0 ? "Built on top" : `FROM ${bases.map((name) => shortened(name, 80)).join(", ")}`;
}
