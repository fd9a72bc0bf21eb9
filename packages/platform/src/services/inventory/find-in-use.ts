import type { Sbom } from "@plimsoll/model";
import { uuidOf } from "@plimsoll/model";
import { packagesInUse } from "../../inventory/packages-in-use.ts";
import { componentsOf } from "../../store/ingest/component.ts";
import {
  loadedPackages,
  type PendingUse,
  pendingUses,
  sbomByHash,
  setInUse,
  usedComponents,
} from "../../store/inventory/in-use.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Services } from "../services.ts";

/** Assets looked up at once. */
const most = 2000;

type Needed = Pick<Services, "pool" | "clock">;

/**
 * Finds which packages of what runs are in use, for all assets of which something new is known. What is not scanned has
 * to wait for its scan. Run again it does nothing. Returns how many assets changed.
 */
export async function findInUse(services: Needed, signal: AbortSignal): Promise<number> {
  let changed = 0;
  for (;;) {
    const pending = await pendingUses(services.pool, most);
    if (pending.length === 0) return changed;
    let sbom: { readonly hash: string | null; readonly read: Sbom | null } = { hash: null, read: null };
    for (const use of pending) {
      signal.throwIfAborted();
      // Those of one SBOM come together.
      if (use.sbom !== sbom.hash) sbom = { hash: use.sbom, read: await readSbom(services, use.sbom) };
      changed += await settle(services, use, sbom.read);
    }
  }
}

async function readSbom({ pool }: Needed, hash: string | null): Promise<Sbom | null> {
  const text = hash === null ? null : await sbomByHash(pool, hash);
  return text === null ? null : JSON.parse(text);
}

async function settle({ pool, clock }: Needed, { assets, loaded }: PendingUse, sbom: Sbom | null): Promise<number> {
  const now = new Date(clock()).toISOString();
  const set = sbom === null || loaded.length === 0 ? null : await usedOf(pool, sbom, loaded);
  return inTransaction(pool, (client) => setInUse(client, assets, { set, now }));
}

async function usedOf(pool: Needed["pool"], sbom: Sbom, loaded: readonly string[]) {
  const used = packagesInUse(sbom.packages, await loadedPackages(pool, loaded));
  const components = usedComponents(sbom.packages, used, componentsOf(sbom));
  return { key: uuidOf("running", JSON.stringify(components)), components };
}
