import { silentLog } from "@plimsoll/kit";
import type { Services } from "../services/services.ts";
import type { Store } from "../store/open-store.ts";

/** Services as far as jobs of tests lean on them. */
export function jobServices({ pool, db }: Store): Services {
  return {
    pool,
    db,
    clock: Date.now,
    random: (bytes) => new Uint8Array(bytes),
    log: silentLog,
  } as Services;
}
