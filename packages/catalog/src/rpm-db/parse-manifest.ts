import type { PackageFact } from "@plimsoll/model";
import type { Facts } from "../cataloger.ts";
import { linesOf } from "../decode-text.ts";
import { damageLog } from "./damage.ts";
import { toPackage } from "./to-package.ts";

const columns = 10;

/**
 * Packages of the list that images without rpm carry (Azure Linux and CBL-Mariner distroless,
 * `container-manifest-2`): one line a package, ten columns between tabs: name, version-release, two times, vendor,
 * epoch, size, arch, epoch as a number, source package.
 */
export function parseManifest(text: string): Facts {
  const damage = damageLog();
  const packages: PackageFact[] = [];
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line.trim() === "") continue;
    const fact = factOf(line);
    if (fact === null) damage.add(`line ${number} names no package`);
    else packages.push(fact);
    if (damage.isHopeless()) break;
  }
  if (packages.length === 0) damage.add("no package in it");
  return { packages, problems: damage.problems() };
}

function factOf(line: string): PackageFact | null {
  const cells = line.split("\t", columns + 1);
  if (cells.length !== columns) return null;
  const [name = "", evr = "", , , vendor = "", , , arch = "", epoch = "", sourceRpm = ""] = cells;
  const dash = evr.lastIndexOf("-");
  if (dash === -1 || !/^(?:\d{1,9}|\(none\))$/.test(epoch)) return null;
  return toPackage({
    name,
    epoch: Number.parseInt(epoch, 10) || 0,
    version: evr.slice(0, dash),
    release: evr.slice(dash + 1),
    arch: arch === "(none)" ? null : arch,
    sourceRpm,
    vendor,
    license: null,
    module: null,
  });
}
