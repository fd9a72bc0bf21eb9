import { dbStatus } from "@plimsoll/vulndb";
import type { CliCommand } from "../command.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { placesOf } from "../places.ts";
import { statusText } from "./db-text.ts";

interface StatusOptions {
  readonly dbpath?: string;
  readonly json?: true;
}

/** `plimsoll db status`. Throws DB_MISSING and its kin. */
export const dbStatusCommand = {
  name: "status",
  run: async (args, world) => {
    const command = newCommand("plimsoll db status")
      .description("Shows revision, feeds, dates and counts of the vulnerability database.")
      .option("-d, --dbpath <folder>", "folder or file of the database (default ~/.cache/plimsoll)")
      .option("--json", "as JSON");
    const parsed = await parseArguments<StatusOptions>(command, args, world);
    if (parsed === null) return 0;
    const path = placesOf(parsed.options, world).database;
    const summary = dbStatus(path);
    const text =
      parsed.options.json === true ? `${JSON.stringify(summary, null, 2)}\n` : statusText(summary, path, world);
    await world.stdout.write(text);
    return 0;
  },
} satisfies CliCommand;
