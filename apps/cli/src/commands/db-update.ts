import { plainText } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { collectList } from "../options.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { placesOf } from "../places.ts";
import { addTakeOptions, type TakeOptions } from "../revision-options.ts";
import { takeRevision, tellTaken } from "../take-revision.ts";
import { openTools } from "../tools.ts";
import { updateKnowledge } from "../update-knowledge.ts";
import type { World } from "../world.ts";
import { builtText } from "./db-text.ts";

interface UpdateOptions extends TakeOptions {
  readonly from?: string;
  readonly ecosystem?: readonly string[];
}

/** As a place to update from: the publishers of the feeds. */
const upstream = "upstream";

/** `plimsoll db update`: 0 when every feed is current, 3 when some could not be fetched. */
export const dbUpdate = {
  name: "update",
  run: async (args, world) => {
    const parsed = await parseArguments<UpdateOptions>(updateCommand(), args, world);
    if (parsed === null) return 0;
    const { options } = parsed;
    const mirror = options.from ?? (world.env.PLIMSOLL_DB_URL || upstream);
    if (mirror !== upstream) return updateFrom(mirror, options, world);
    const places = placesOf(options, world);
    const wanted = options.ecosystem ?? "all";
    const { report, built } = await (async () => {
      using tools = openTools(options, world);
      return await updateKnowledge({ places, wanted, http: tools.http }, tools);
    })();
    await world.stdout.write(feedLines(report.feeds));
    if (built !== null) await world.stdout.write(`\n${builtText(built, places.database, world)}`);
    await world.stderr.write(problemLines(report.problems));
    return report.problems.length === 0 && built !== null ? 0 : 3;
  },
} satisfies CliCommand;

function updateCommand() {
  const command = newCommand("plimsoll db update")
    .description(
      "Fetches what is new upstream, only what changed, and builds the database from it; or takes the database that a mirror publishes.",
    )
    .option(
      "--from <place>",
      "repository of signed databases: URL, oci://REFERENCE, folder or tar; or upstream (default: PLIMSOLL_DB_URL, else upstream)",
    )
    .option("--ecosystem <key>", "only these, for example debian:12,npm; repeatable, comma list", collectList)
    .addHelpText("after", examples);
  return addTakeOptions(command);
}

const examples = `
Examples:
  plimsoll db update
  plimsoll db update --ecosystem debian:12,npm
  plimsoll db update --from https://mirror.example/vulndb --db-key harbour.pub
  PLIMSOLL_DB_URL=oci://registry.example/plimsoll/vulndb:latest plimsoll db update
`;

/** A mirror has what its publisher chose: ecosystems cannot be picked from it. */
async function updateFrom(mirror: string, options: UpdateOptions, world: World): Promise<number> {
  if (options.ecosystem !== undefined) {
    const reason = "--ecosystem goes with upstream only, not with a mirror (--from, PLIMSOLL_DB_URL)";
    throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll db update" } });
  }
  const report = await (async () => {
    using tools = openTools(options, world);
    return await takeRevision(mirror, options, tools);
  })();
  return tellTaken(report, options, world);
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
