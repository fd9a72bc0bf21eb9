import { apkDb } from "./apk-db/cataloger.ts";
import type { Cataloger } from "./cataloger.ts";
import { distroRelease } from "./distro-release/cataloger.ts";
import { dpkgDb } from "./dpkg-db/cataloger.ts";
import { goBinary } from "./go-binary/cataloger.ts";
import { javaArchive } from "./java-archive/cataloger.ts";
import { npmPackage } from "./npm-package/cataloger.ts";
import { pythonPackage } from "./python-package/cataloger.ts";
import { rpmDb } from "./rpm-db/cataloger.ts";
import { rubyGem } from "./ruby-gem/cataloger.ts";
import { unsupportedDatabase } from "./unsupported-database/cataloger.ts";

/** Every cataloger: the only file that knows all of them. */
export const catalogers = [
  // operating system
  distroRelease,
  apkDb,
  dpkgDb,
  rpmDb,
  unsupportedDatabase,
  // language, installed
  goBinary,
  javaArchive,
  npmPackage,
  pythonPackage,
  rubyGem,
] as const satisfies readonly Cataloger[];
