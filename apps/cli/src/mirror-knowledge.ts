import { existsSync } from "node:fs";
import { messageOf, PlimsollError } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import { noteCheck, readInstallNote } from "@plimsoll/vulndb";
import { cautiousHttp } from "./cautious-http.ts";
import type { KnowledgeOptions } from "./options.ts";
import type { Places } from "./places.ts";
import { takeRevision } from "./take-revision.ts";
import type { Tools } from "./tools.ts";

const hourMs = 3_600_000;
/** A mirror is asked for a newer revision this often, … */
const checkMs = 12 * hourMs;
/** … and again after this long when it did not answer: a scan must not wait for it every time. */
const retryMs = hourMs;

interface Wish {
  readonly places: Places;
  readonly options: KnowledgeOptions;
  readonly tools: Tools;
}

/**
 * Keeps the local database at the newest revision of the mirror that PLIMSOLL_DB_URL names; upstream is never asked then. A
 * database that was built by hand stays. What fails is a Problem: there may be a database from earlier.
 */
export async function takeFromMirror(mirror: string, { places, options, tools }: Wish): Promise<readonly Problem[]> {
  const { database } = places;
  const hadDatabase = existsSync(database);
  const note = readInstallNote(database);
  const now = tools.world.clock();
  if (hadDatabase && (note === null || now - Date.parse(note.checkedAt) < checkMs)) return [];
  try {
    const quiet = { progress: true, loglevel: "info" as const, ...(options.dbpath && { dbpath: options.dbpath }) };
    await takeRevision(mirror, quiet, { ...tools, http: cautiousHttp(tools.http) });
    return [];
  } catch (error) {
    if (tools.world.signal.aborted || !(error instanceof PlimsollError)) throw error;
    await noteCheck(database, now - checkMs + retryMs).catch(() => undefined);
    return [hadDatabase ? notUpdated(error) : noDatabase(error)];
  }
}

function notUpdated(error: PlimsollError): Problem {
  const message = `no newer vulnerability database could be taken from PLIMSOLL_DB_URL: ${messageOf(error)}`;
  return { level: "warning", code: "knowledge-mirror", message, next: error.next };
}

function noDatabase(error: PlimsollError): Problem {
  const message = `there is no vulnerability database yet, and none could be taken from PLIMSOLL_DB_URL: ${messageOf(error)}`;
  return { level: "warning", code: "no-database", message, next: error.next };
}
