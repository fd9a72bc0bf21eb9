import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import type { World } from "../world.ts";

const actions = {
  build: async () => (await import("./db-build.ts")).dbBuild,
  update: async () => (await import("./db-update.ts")).dbUpdate,
  status: async () => (await import("./db-status.ts")).dbStatusCommand,
} as const;

/** `plimsoll db build|update|status`. */
export const db = {
  name: "db",
  run: async ([action, ...rest], world) => {
    if (action === undefined || action === "--help" || action === "-h") return showHelp(action === undefined, world);
    if (action === "build" || action === "update" || action === "status")
      return (await actions[action]()).run(rest, world);
    const reason = `db ${action} is no command; an image called db is plimsoll pull://db`;
    throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll db" } });
  },
} satisfies CliCommand;

async function showHelp(saidNothing: boolean, { stdout, stderr }: World): Promise<number> {
  await (saidNothing ? stderr : stdout).write(`Usage: plimsoll db build|update|status [options]

  build   make the database from a folder of feeds: plimsoll db build --from FOLDER
  update  fetch what is new upstream and build the database from it
  status  show revision, feeds, dates and counts

All options: plimsoll db build --help
(An image called db: plimsoll pull://db)
`);
  return saidNothing ? 2 : 0;
}
