import { useCallback, useMemo } from "react";
import { useView, type View } from "../frame/view.ts";
import {
  addressNameOf,
  expressionOf,
  type FilterField,
  filtersIn,
  type ListFilter,
  type Stage,
  viewOf,
} from "./filters.ts";

export interface ListView {
  readonly view: View;
  readonly filters: readonly ListFilter[];
  /** In the API's filter language; `undefined` for everything. */
  readonly expression: string | undefined;
  /** Sets one condition; an empty value takes it away. */
  readonly set: (field: FilterField, value: string, options?: { readonly isNot?: boolean }) => void;
  readonly clear: () => void;
  readonly change: (part: View, options?: { readonly replace?: boolean }) => void;
}

/** What the address asks of a list. */
export function useListView(stage: Stage): ListView {
  const [view, change] = useView();
  const filters = useMemo(() => filtersIn(view, stage), [view, stage]);
  const set = useCallback(
    (field: FilterField, value: string, { isNot = false }: { readonly isNot?: boolean } = {}) =>
      change({ [addressNameOf(field, isNot)]: value || undefined }),
    [change],
  );
  const clear = useCallback(() => change(viewOf([])), [change]);
  return { view, filters, expression: expressionOf(filters) || undefined, set, clear, change };
}
