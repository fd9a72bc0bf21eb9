import { shortened } from "../../ui/plain.ts";
import type { LayerRow } from "./model.ts";

/** Where a base begins, its tags; where the last one ends, that it does; "" elsewhere, and where no base is known. `layers`: lowest first. */
export function headingOf(layers: readonly Pick<LayerRow, "bases">[], index: number): string {
  const bases = layers[index]?.bases ?? [];
  const below = layers[index - 1]?.bases ?? [];
  if (sameAs(bases, below)) return "";
  if (bases.length === 0) return "Built on top";
  // A base that goes on above this part is named where it ends: what is shown is the one that this part completes.
  const above = layers.slice(index).find((row) => !sameAs(row.bases, bases))?.bases ?? [];
  const own = bases.filter((name) => !above.includes(name));
  return `FROM ${(own.length === 0 ? bases : own).map((name) => shortened(name, 80)).join(", ")}`;
}

function sameAs(a: readonly string[], b: readonly string[]): boolean {
  return a.join("\n") === b.join("\n");
}
