import { ActionIcon } from "@mantine/core";
import { useView } from "../../frame/view.ts";
import { Icon } from "../../ui/icon.tsx";
import { shortened } from "../../ui/plain.ts";
import type { LayerRow } from "./model.ts";
import styles from "./result.module.css";

/** Says that every tab shows one layer alone, and takes that back. */
export function LayerChip({ layer }: { readonly layer: LayerRow | undefined }) {
  const [, change] = useView();
  return (
    <div role="status" className={layer === undefined ? styles.nothing : styles.chip}>
      {layer !== undefined && (
        <>
          <span>
            Only what layer {layer.index} brought: <code>{shortened(layer.command, 80)}</code>
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Show all layers"
            onClick={() => change({ layer: undefined })}
          >
            <Icon of="close" />
          </ActionIcon>
        </>
      )}
    </div>
  );
}
