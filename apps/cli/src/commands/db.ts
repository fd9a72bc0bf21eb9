import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import type { World } from "../world.ts";

const actions = {
  build: async () => (await import("./db-build.ts")).dbBuild,
  update: async () => (await import("./db-update.ts")).dbUpdate,
  status: async () => (await import("./db-status.ts")).dbStatusCommand,
  keygen: async () => (await import("./db-keygen.ts")).dbKeygen,
  export: async () => (await import("./db-export.ts")).dbExport,
  import: async () => (await import("./db-import.ts")).dbImport,
  serve: async () => (await import("./db-serve.ts")).dbServe,
} as const;

const names = Object.keys(actions).join("|");

/** `plimsoll db build|update|status|keygen|export|import|serve`. */
export const db = {
  name: "db",
  run: async ([action, ...rest], world) => {
    if (action === undefined || action === "--help" || action === "-h") return showHelp(action === undefined, world);
    if (isAction(action)) return (await actions[action]()).run(rest, world);
    const reason = `db ${action} is no command; an image called db is plimsoll pull://db`;
    throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll db" } });
  },
} satisfies CliCommand;

function isAction(word: string): word is keyof typeof actions {
  return Object.hasOwn(actions, word);
}

async function showHelp(saidNothing: boolean, { stdout, stderr }: World): Promise<number> {
  await (saidNothing ? stderr : stdout).write(`Usage: plimsoll db ${names} [options]

  build   make the database from a folder of feeds: plimsoll db build --from FOLDER
  update  fetch what is new upstream and build the database from it, or take it from a mirror (--from)
  status  show revision, feeds, dates and counts

For sites without network, and for fleets that should all know the same:
  keygen  make a pair of keys to sign databases with
  export  publish the database, signed, as a folder, a tar or an artifact in a registry
  import  install the newest revision of such a repository, by its deltas where they lead here
  serve   serve a repository over HTTP

All options: plimsoll db export --help
(An image called db: plimsoll pull://db)
`);
  return saidNothing ? 2 : 0;
}
