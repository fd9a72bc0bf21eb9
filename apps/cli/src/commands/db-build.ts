import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { buildStarter } from "@plimsoll/vulndb";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { addRunOptions, type RunOptions } from "../options.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { placesOf } from "../places.ts";
import { openTools } from "../tools.ts";
import { buildFrom } from "../update-knowledge.ts";
import { builtText } from "./db-text.ts";

interface BuildOptions extends RunOptions {
  readonly from?: string;
  readonly out?: string;
  readonly dbpath?: string;
  readonly factsOnly?: true;
  readonly starter?: true;
}

/** `plimsoll db build --from FOLDER`. */
export const dbBuild = {
  name: "build",
  run: async (args, world) => {
    const parsed = await parseArguments<BuildOptions>(buildCommand(), args, world);
    if (parsed === null) return 0;
    const { from, out, factsOnly, starter, ...options } = parsed.options;
    if (from === undefined) {
      throw cliError("BAD_ARGUMENTS", { fields: { reason: "--from FOLDER is missing", help: "plimsoll db build" } });
    }
    if (starter && out === undefined) {
      throw cliError("BAD_ARGUMENTS", {
        fields: { reason: "--starter wants --out FOLDER", help: "plimsoll db build" },
      });
    }
    if (!existsSync(from)) {
      throw cliError("BAD_OPTION_VALUE", {
        fields: { option: "--from", value: from, next: "name an existing folder" },
      });
    }
    const path = out === undefined ? placesOf(options, world).database : resolve(out);
    const report = await (async () => {
      using tools = openTools(options, world);
      if (starter) return await buildStarter(resolve(from), path, world.clock());
      return await buildFrom(resolve(from), path, { ...tools, mustFind: true, ...(factsOnly && { factsOnly }) });
    })();
    await world.stdout.write(builtText(report, path, world));
    return 0;
  },
} satisfies CliCommand;

function buildCommand() {
  const command = newCommand("plimsoll db build")
    .description(
      "Makes the vulnerability database from a folder of feeds: files and archives as their publishers made them.",
    )
    .option("--from <folder>", "folder of feeds, subfolders included")
    .option("--out <file>", "database file to write (default: the local database)")
    .option("-d, --dbpath <folder>", "folder of the local database (default ~/.cache/plimsoll)")
    .option("--facts-only", "no prose: ids, packages, ranges, versions, severities, scores and dates")
    .option(
      "--starter",
      "write the folder of starter knowledge into --out: only feeds whose terms allow shipping them",
    );
  return addRunOptions(command);
}
