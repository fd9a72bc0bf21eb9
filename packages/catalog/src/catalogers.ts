import { apkDb } from "./apk-db/cataloger.ts";
import type { Cataloger } from "./cataloger.ts";
import { dpkgDb } from "./dpkg-db/cataloger.ts";

/** Every cataloger: the only file that knows all of them. */
export const catalogers = [
  // operating system, installed
  apkDb,
  dpkgDb,
] as const satisfies readonly Cataloger[];
