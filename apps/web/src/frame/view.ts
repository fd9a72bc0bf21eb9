import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type View = Readonly<Record<string, string | undefined>>;

/** The view's state, which lives in the address; and the way to change parts of it (`undefined` takes one away). */
export function useView(): readonly [View, (change: View, options?: { readonly replace?: boolean }) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (part: View, { replace = false }: { readonly replace?: boolean } = {}) => {
      void navigate({ to: ".", search: (known: Record<string, unknown>) => ({ ...known, ...part }), replace });
    },
    [navigate],
  );
  return [search as View, change];
}
