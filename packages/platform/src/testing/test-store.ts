import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "../store/open-store.ts";

/** A store of its own in a folder that goes with it. */
export async function testStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-store-"));
  const store = await openStore({ folder });
  return {
    pool: store.pool,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
