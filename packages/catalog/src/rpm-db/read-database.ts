import type { Limits } from "@plimsoll/kit";
import type { PackageFact } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { bdbHeaderBlobs, isBdb } from "./bdb/header-blobs.ts";
import { type Damage, damageLog, databaseProblem } from "./damage.ts";
import { hasTrueDigest } from "./header/has-true-digest.ts";
import { parseHeader } from "./header/parse-header.ts";
import { isNdb, ndbHeaderBlobs } from "./ndb/header-blobs.ts";
import { ownedPaths, pathBudget } from "./owned-paths.ts";
import { sqliteHeaderBlobs } from "./sqlite/header-blobs.ts";
import { isSqlite } from "./sqlite/pages.ts";
import { fieldsOf, isKey, toPackage } from "./to-package.ts";

type Reader = (bytes: Uint8Array, damage: Damage) => Iterable<Uint8Array>;

/** rpm's formats, told apart by content: names alone do not say (`Packages` was hash, then btree was tried). */
const readers: readonly { readonly is: (bytes: Uint8Array) => boolean; readonly read: Reader }[] = [
  { is: isSqlite, read: sqliteHeaderBlobs },
  { is: isNdb, read: ndbHeaderBlobs },
  { is: isBdb, read: bdbHeaderBlobs },
];

/**
 * Installed packages of an rpm database in any of its formats, with the files each owns. Whatever cannot be read is one
 * `incomplete` Problem; all the rest is still given. Trusted keys (`gpg-pubkey`) are no packages and left out.
 */
export function readDatabase(bytes: Uint8Array, limits: Limits): Facts {
  const reader = readers.find(({ is }) => is(bytes));
  if (reader === undefined) {
    const what = bytes.length === 0 ? "is empty" : "is in a format that is not known";
    return { problems: [databaseProblem(`rpm database ${what}: its packages are unknown`)] };
  }
  const damage = damageLog();
  const found: Found = { packages: [], owns: [], budget: { left: pathBudget }, damage, limits };
  for (const blob of believed(reader.read(bytes, damage), { bytes, damage, limits })) addPackage(blob, found);
  const { packages, owns, budget } = found;
  return { packages, owns, problems: [...damage.problems(), ...(budget.left < 0 ? [tooManyPaths] : [])] };
}

interface Found {
  readonly packages: PackageFact[];
  readonly owns: { readonly owner: string; readonly paths: readonly string[] }[];
  readonly budget: { left: number };
  readonly damage: Damage;
  readonly limits: Limits;
}

/** Stops where headers together are larger than the file that holds them (they overlap) or more than packages may be. */
function* believed(
  blobs: Iterable<Uint8Array>,
  { bytes, damage, limits }: { readonly bytes: Uint8Array; readonly damage: Damage; readonly limits: Limits },
): Generator<Uint8Array> {
  let total = 0;
  let count = 0;
  for (const blob of blobs) {
    total += blob.length;
    count += 1;
    if (total > bytes.length) return damage.add("its packages overlap each other");
    if (count > limits.packages) return damage.add(`more than ${limits.packages} packages`);
    yield blob;
  }
}

function addPackage(blob: Uint8Array, { packages, owns, budget, damage, limits }: Found): void {
  const header = parseHeader(blob, damage);
  if (header === null) return;
  const fields = fieldsOf(header);
  if (isKey(fields)) return;
  const fact = toPackage(fields);
  if (fact === null) return damage.add("a package without name or version");
  packages.push(fact);
  if (!hasTrueDigest(blob, header)) damage.add(`${fact.name} fails its digest`);
  if (budget.left < 0) return;
  const paths = ownedPaths(header, { budget, damage, limits });
  if (paths !== null) owns.push({ owner: fact.name, paths });
}

const tooManyPaths = {
  level: "warning",
  code: "too-many-owned-files",
  message: "rpm database names more files than are remembered: some language packages may not be told as its own",
  next: "check findings of language packages below /usr by hand",
} as const;
