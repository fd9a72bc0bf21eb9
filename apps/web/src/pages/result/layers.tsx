import { SegmentedControl } from "@mantine/core";
import { useView } from "../../frame/view.ts";
import { Empty } from "../../ui/states/empty.tsx";
import { LayerPicture } from "./layer-picture.tsx";
import { LayerTable } from "./layer-table.tsx";
import type { ResultModel } from "./model.ts";
import styles from "./result.module.css";
import type { ResultView } from "./result-view.ts";

const looks = [
  { value: "picture", label: "Picture" },
  { value: "table", label: "Table" },
];

/** What each layer brought, as a picture or as a table. */
export function Layers(shown: ResultView) {
  const [view, change] = useView();
  const { layers } = shown.whole;
  if (layers.length === 0) return <Empty title="This target has no layers" />;
  const isTable = view.as === "table";
  return (
    <>
      <div className={styles.filters}>
        <h2 className={styles.grow}>{worstInWords(shown.whole)}</h2>
        <SegmentedControl
          size="xs"
          aria-label="Look"
          data={looks}
          value={isTable ? "table" : "picture"}
          onChange={(as) => change({ as: as === "table" ? as : undefined }, { replace: true })}
        />
      </div>
      {isTable ? <LayerTable {...shown} /> : <LayerPicture {...shown} />}
    </>
  );
}

/** The finding that the picture shows, as its title. */
function worstInWords({ layers, findings }: ResultModel): string {
  const worst = findings[0];
  const layer = layers.find(({ key }) => key === worst?.pkg.layerRef);
  if (worst === undefined || layer === undefined) return "No layer brought a finding";
  const own = findings.filter(({ pkg }) => pkg.layerRef === layer.key).length;
  return `Layer ${layer.index} brought the worst finding, and ${own} of ${findings.length}`;
}
