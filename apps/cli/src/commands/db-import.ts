import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { addTakeOptions, type TakeOptions } from "../revision-options.ts";
import { takeRevision, tellTaken } from "../take-revision.ts";
import { openTools } from "../tools.ts";

/** `plimsoll db import PLACE`: 0 when the newest revision is here, 3 also when that one should have been replaced by now. */
export const dbImport = {
  name: "import",
  run: async (args, world) => {
    const parsed = await parseArguments<TakeOptions>(importCommand(), args, world);
    if (parsed === null) return 0;
    const [place, ...others] = parsed.operands;
    if (place === undefined || others.length > 0) {
      throw cliError("BAD_ARGUMENTS", { fields: { reason: "name one repository", help: "plimsoll db import" } });
    }
    const report = await (async () => {
      using tools = openTools(parsed.options, world);
      return await takeRevision(place, parsed.options, tools);
    })();
    return tellTaken(report, parsed.options, world);
  },
} satisfies CliCommand;

function importCommand() {
  const command = newCommand("plimsoll db import")
    .usage("[options] FOLDER|FILE.tar|URL|oci://REFERENCE")
    .description(
      "Installs the newest revision of a repository of signed databases, by its deltas where they lead here.",
    )
    .addHelpText("after", examples);
  return addTakeOptions(command);
}

const examples = `
Examples:
  plimsoll db import /media/stick/vulndb --db-key harbour.pub
  plimsoll db import vulndb.tar
  plimsoll db import https://mirror.example/vulndb
  plimsoll db import oci://registry.example/plimsoll/vulndb:latest
`;
