import type { CliCommand } from "../command.ts";

/** Commands that are a program of their own, which bin/plimsoll starts; who comes here asked for their help, or called this one past the launcher. */
function startedByLauncher(name: string): CliCommand {
  return {
    name,
    run: async (_, world) => {
      await world.stdout.write(`This is started by bin/plimsoll: plimsoll ${name} --help tells how.\n`);
      return 0;
    },
  };
}

export const server: CliCommand = startedByLauncher("server");
export const up: CliCommand = startedByLauncher("up");
export const backup: CliCommand = startedByLauncher("backup");
export const restore: CliCommand = startedByLauncher("restore");
