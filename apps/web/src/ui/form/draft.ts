import { useState } from "react";

/** What is typed into a form and not kept yet. */
export interface Draft<T extends object> {
  readonly values: T;
  readonly isChanged: boolean;
  readonly set: <Name extends keyof T>(name: Name, value: T[Name]) => void;
  /** What is here now is kept: there is nothing to lose any more. */
  readonly keep: () => void;
}

/** A form's values, beginning with `initial`; that is read once: news from the server do not overwrite what is typed. */
export function useDraft<T extends object>(initial: T): Draft<T> {
  const [before, setBefore] = useState(initial);
  const [values, setValues] = useState(initial);
  return {
    values,
    isChanged: JSON.stringify(values) !== JSON.stringify(before),
    set: (name, value) => setValues((known) => ({ ...known, [name]: value })),
    keep: () => setBefore(values),
  };
}
