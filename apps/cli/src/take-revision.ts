import { signerWords, sizeText } from "@plimsoll/formats";
import { plainText } from "@plimsoll/kit";
import { expiryProblems, type InstallReport, installRevision } from "@plimsoll/vulndb";
import { placesOf } from "./places.ts";
import { type TakeOptions, trustOf } from "./revision-options.ts";
import { openRevisionSource } from "./revision-place.ts";
import type { Tools } from "./tools.ts";
import type { World } from "./world.ts";

/** Brings the newest revision of a repository to the local database. Throws what `installRevision` throws. */
export async function takeRevision(place: string, options: TakeOptions, tools: Tools): Promise<InstallReport> {
  const { world, progress } = tools;
  const trust = trustOf(options.dbKey, world);
  progress.show(`Asking ${place}`);
  await using source = await openRevisionSource(place, options, tools);
  return await installRevision(source, {
    path: placesOf(options, world).database,
    trust,
    now: world.clock,
    signal: world.signal,
    onProgress: ({ file, bytes, totalBytes }) => {
      progress.show(`Fetching ${file}, ${sizeText(bytes)} of ${sizeText(totalBytes)}`);
    },
    ...(options.allowUnsigned && { allowUnsigned: true }),
    ...(options.allowOlder && { allowOlder: true }),
  });
}

/** Says what was taken. Answers the exit code: 3 where a newer revision should be there by now. */
export async function tellTaken(report: InstallReport, options: TakeOptions, world: World): Promise<0 | 3> {
  const { status, by, fetchedBytes, revision, note, deltaFault } = report;
  const { database } = placesOf(options, world);
  const files = by === "full" ? "the whole database" : by;
  const done = status === "current" ? "is current" : `installed by ${files}, ${sizeText(fetchedBytes)}`;
  const line =
    `${database}: revision ${revision.revision} ${done}, from ${note.place}, ` +
    `${signerWords(note.signedBy)}, good until ${note.expiresAt.slice(0, 10)}`;
  await world.stdout.write(`${plainText(line)}\n`);
  if (deltaFault !== null) {
    await world.stderr.write(`${plainText(`plimsoll: the whole database was fetched, because: ${deltaFault}`)}\n`);
  }
  const problems = expiryProblems(note, world.clock());
  for (const { message, next } of problems) await world.stderr.write(`${plainText(`plimsoll: ${message}; ${next}`)}\n`);
  return problems.length === 0 ? 0 : 3;
}
