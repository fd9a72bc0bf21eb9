import { useEffect, useRef } from "react";
import { ApiError } from "../../api/client.ts";

type Saving = <T extends { readonly version: number }>(
  save: (version: number) => Promise<T>,
  lookAgain: () => unknown,
) => Promise<T>;

/**
 * Saves with the version that a form began with, so that nobody overwrites what somebody else changed meanwhile. Once that
 * was refused and told, the next attempt goes on from what there is then.
 */
export function useSeenVersion(current: number): Saving {
  const seen = useRef<number | null>(current);
  const latest = useRef(current);
  useEffect(() => {
    latest.current = current;
  }, [current]);
  return async (save, lookAgain) => {
    try {
      const saved = await save(seen.current ?? latest.current);
      seen.current = saved.version;
      return saved;
    } catch (error) {
      if (error instanceof ApiError && error.type === "STALE_VERSION") {
        seen.current = null;
        lookAgain();
      }
      throw error;
    }
  };
}
