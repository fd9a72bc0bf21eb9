import type { CliCommand } from "../command.ts";

/** `plimsoll server` is a program of its own, which bin/plimsoll starts; who comes here asked for its help, or called this one past the launcher. */
export const server = {
  name: "server",
  run: async (_, world) => {
    await world.stdout.write("The server is started by bin/plimsoll: plimsoll server --help tells how.\n");
    return 0;
  },
} satisfies CliCommand;
