/**
 * `node bench/coverage.ts IMAGE.tar [IMAGE.tar …] [--db FOLDER] [--trivy-cache FOLDER] [--keep FOLDER]`: what we, Syft
 * and Trivy (as found on the PATH) list of each image, by kind of package, and the differences both ways; then whether
 * each peer's inventory, scanned by us, gives the findings of our own scan. Fails on a difference that
 * `beside-peers/explained.ts` does not explain, and when an inventory's packages agree in less than 98 of 100.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { agreementOf } from "./beside-peers/agreement.ts";
import { type Comparison, compare, notCompared } from "./beside-peers/compare.ts";
import { readInventory } from "./beside-peers/inventory.ts";
import { type Document, ownInventory, type Place, peerDocuments, peerVersions, scan } from "./beside-peers/tools.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { db: { type: "string" }, "trivy-cache": { type: "string" }, keep: { type: "string" } },
});
/** Packages of a peer's inventory that must be judged as in our own scan. */
const leastAgreement = 0.98;
const failures: string[] = [];

if (positionals.length === 0) throw new Error("name at least one `docker save` archive");
const work = mkdtempSync(join(values.keep ?? tmpdir(), "plimsoll-coverage-"));
try {
  console.log(`peers: ${peerVersions().join(", ")}`);
  for (const archive of positionals) coverOne(archive);
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  if (values.keep === undefined) rmSync(work, { recursive: true, force: true });
}

function coverOne(archive: string): void {
  const image = basename(archive, ".tar");
  const place: Place = { work: join(work, image), db: values.db, trivyCache: values["trivy-cache"] };
  mkdirSync(place.work);
  const ours = readInventory(ownInventory(archive, place));
  const documents = peerDocuments(archive, place);
  console.log(`\n## ${image}: ${ours.size} packages\n`);
  const shared = new Map<string, number>();
  for (const document of documents.filter(
    ({ format }) => format.startsWith("cyclonedx") && format !== "cyclonedx-xml",
  )) {
    const theirs = readInventory(document.path);
    shared.set(document.peer, [...theirs.keys()].filter((key) => ours.has(key)).length);
    const comparisons = compare(document.peer, ours, theirs);
    printInventory(document.peer, comparisons);
    for (const [type, count] of notCompared(theirs))
      console.log(`- ${type}, theirs only, ${count}: not looked for yet`);
    console.log("");
    for (const { unexplained } of comparisons)
      failures.push(...unexplained.map((line) => `${image}, ${document.peer}: ${line}`));
  }
  printAgreement(image, { archive, documents, shared, place });
}

function printInventory(peer: string, comparisons: readonly Comparison[]): void {
  console.log(
    `| ${peer} | ours | theirs | other name | theirs only | ours only |\n| --- | --- | --- | --- | --- | --- |`,
  );
  for (const { type, ours, theirs, renamed, more, less, unexplained } of comparisons) {
    const sums = [more, less].map((reasons) => [...reasons.values()].reduce((sum, count) => sum + count, 0));
    const open = (mark: string) => unexplained.filter((line) => line.startsWith(mark)).length;
    console.log(
      `| ${type} | ${ours} | ${theirs} | ${renamed} | ${(sums[0] ?? 0) + open("+")} | ${(sums[1] ?? 0) + open("-")} |`,
    );
  }
  for (const { type, more, less } of comparisons) {
    for (const [reason, count] of more) console.log(`- ${type}, theirs only, ${count}: ${reason}`);
    for (const [reason, count] of less) console.log(`- ${type}, ours only, ${count}: ${reason}`);
  }
}

interface Judged {
  readonly archive: string;
  readonly documents: readonly Document[];
  /** Packages that we and a peer list alike: reading the peer's inventory must lose none. */
  readonly shared: ReadonlyMap<string, number>;
  readonly place: Place;
}

function printAgreement(image: string, { archive, documents, shared, place }: Judged): void {
  const own = scan(`file://${archive}`, join(place.work, "ours.scan.json"), place);
  console.log("| inventory | packages of both | same findings | |\n| --- | --- | --- | --- |");
  for (const { peer, format, path } of documents) {
    const { packages, same, different } = agreementOf(own, scan(`sbom:${path}`, `${path}.scan.json`, place));
    const listed = Math.max(packages, shared.get(peer) ?? 0);
    const share = listed === 0 ? 1 : same / listed;
    console.log(`| ${peer} ${format} | ${listed} | ${same} | ${(100 * share).toFixed(2)} % |`);
    if (share >= leastAgreement) continue;
    failures.push(
      `${image}: ${peer} ${format} agrees in ${(100 * share).toFixed(2)} %: ${different.slice(0, 5).join("; ")}`,
    );
  }
}
