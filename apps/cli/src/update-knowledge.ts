import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { countText, sizeText } from "@plimsoll/formats";
import type { HttpClient } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import {
  type BuildReport,
  buildVulndb,
  checkedDates,
  readFeeds,
  type UpdateReport,
  updateFeeds,
} from "@plimsoll/vulndb";
import { noteOrigin } from "./database-origin.ts";
import { cliError } from "./errors.ts";
import type { Places } from "./places.ts";
import type { Tools } from "./tools.ts";

export interface Update {
  readonly places: Places;
  readonly wanted: readonly string[] | "all";
  readonly http: HttpClient;
}

/** Fetches what is new upstream, and builds the database anew when that is any use. `built` is null when nothing at all could be fetched. */
export async function updateKnowledge(
  { places, wanted, http }: Update,
  tools: Tools,
): Promise<{ readonly report: UpdateReport; readonly built: BuildReport | null }> {
  const { log, progress, world } = tools;
  const report = await updateFeeds({
    http,
    dir: places.feeds,
    now: world.clock,
    wanted,
    log,
    signal: world.signal,
    onProgress: ({ feed, file, bytes, totalBytes }) => {
      const total = totalBytes === null ? "" : ` of ${sizeText(totalBytes)}`;
      progress.show(`Fetching what is known: ${feed} ${file}, ${sizeText(bytes)}${total}`);
    },
  });
  const hasDocuments = report.feeds.some(({ documents }) => {
    return documents.some(({ status }) => status === "updated" || status === "unchanged" || status === "kept-old");
  });
  if (!hasDocuments) return { report, built: null };
  const built = await buildFrom(places.feeds, places.database, { ...tools, checked: checkedDates(report) });
  await noteOrigin(places, built.revision);
  return { report, built };
}

export interface BuildChoices {
  readonly factsOnly?: boolean;
  /** A folder in which nothing is a feed is an error: it is not the one that was meant. */
  readonly mustFind?: boolean;
  /** When upstream last confirmed each file as current: see `readFeeds`. */
  readonly checked?: ReadonlyMap<string, string>;
}

/** Builds the database from a folder of feeds. Throws FEEDS_MISSING, FEEDS_UNKNOWN, BUILD_FAILED, CACHE_FAILED. */
export async function buildFrom(folder: string, out: string, tools: Tools & BuildChoices): Promise<BuildReport> {
  const { checked, progress, world } = tools;
  await makeFolder(dirname(out));
  let reading = "";
  const items = readFeeds(folder, {
    signal: world.signal,
    ...(checked && { checked }),
    onFile: ({ name, done, total }) => {
      reading = `${name} (${done + 1} of ${total})`;
      progress.show(`Reading feeds: ${reading}`);
    },
  });
  return buildVulndb(items, {
    out,
    now: world.clock(),
    signal: world.signal,
    onProgress: (records) => progress.show(`Reading feeds: ${reading}, ${countText(records, "record")}`),
    ...(tools.factsOnly && { factsOnly: true }),
    ...(tools.mustFind && { from: folder }),
  });
}

/** Creates a folder for our own files. Throws CACHE_FAILED. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw cliError("CACHE_FAILED", { fields: { path, why: String((cause as NodeJS.ErrnoException).code) }, cause });
  }
}

/** Problems of an update that a scan passes on: one line when nothing came, else each feed's own. */
export function updateProblems(report: UpdateReport, nothingCame: boolean): readonly Problem[] {
  if (!nothingCame) return report.problems;
  const reasons = report.feeds.flatMap(({ documents }) => documents.flatMap(({ reason }) => reason ?? []));
  // Which host is asked first is a matter of chance, and the same scan shall say the same.
  const [reason = "no feed answered"] = [...new Set(reasons.map(withoutHost))].sort();
  return [
    {
      level: "warning",
      code: "no-database",
      message: `there is no vulnerability database yet and none could be fetched: ${reason}`,
      next: "run plimsoll db update where there is network, or plimsoll db build --from FOLDER",
    },
  ];
}

function withoutHost(reason: string): string {
  return reason.replace(/^cannot reach \S+: /, "no upstream can be reached, ");
}
