import { plainText } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { CliCommand } from "../command.ts";
import { addRunOptions, collectList, type RunOptions } from "../options.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { placesOf } from "../places.ts";
import { openTools } from "../tools.ts";
import { updateKnowledge } from "../update-knowledge.ts";
import { builtText } from "./db-text.ts";

interface UpdateOptions extends RunOptions {
  readonly dbpath?: string;
  readonly ecosystem?: readonly string[];
}

/** `plimsoll db update`: 0 when every feed is current, 3 when some could not be fetched. */
export const dbUpdate = {
  name: "update",
  run: async (args, world) => {
    const parsed = await parseArguments<UpdateOptions>(updateCommand(), args, world);
    if (parsed === null) return 0;
    const { options } = parsed;
    const places = placesOf(options, world);
    const wanted = options.ecosystem ?? "all";
    const { report, built } = await (async () => {
      using tools = openTools(options, world);
      return updateKnowledge({ places, wanted, http: tools.http }, tools);
    })();
    await world.stdout.write(feedLines(report.feeds));
    if (built !== null) await world.stdout.write(`\n${builtText(built, places.database, world)}`);
    await world.stderr.write(problemLines(report.problems));
    return report.problems.length === 0 && built !== null ? 0 : 3;
  },
} satisfies CliCommand;

function updateCommand() {
  const command = newCommand("plimsoll db update")
    .description("Fetches what is new upstream, only what changed, and builds the database from it.")
    .option("-d, --dbpath <folder>", "folder of the local database (default ~/.cache/plimsoll)")
    .option("--ecosystem <key>", "only these, for example debian:12,npm; repeatable, comma list", collectList);
  return addRunOptions(command);
}

/** One line for each thing that went wrong, however many documents it kept back. */
function problemLines(problems: readonly Problem[]): string {
  const lines = problems.map(({ message, next }) => {
    return `plimsoll: ${plainText(message, 500)}${next === undefined ? "" : `; ${plainText(next)}`}`;
  });
  const counted = Map.groupBy(lines, (line) => line);
  return [...counted]
    .map(([line, same]) => `${line}${same.length > 1 ? ` (${same.length} documents)` : ""}\n`)
    .join("");
}

interface Fed {
  readonly feed: string;
  readonly status: string;
  readonly documents: readonly unknown[];
}

function feedLines(feeds: readonly Fed[]): string {
  const width = Math.max(4, ...feeds.map(({ feed }) => feed.length));
  return feeds
    .map(({ feed, status, documents }) => `${feed.padEnd(width)}  ${status} (${documents.length})\n`)
    .join("");
}
