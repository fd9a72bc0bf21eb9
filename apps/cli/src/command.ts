import type { World } from "./world.ts";

/** What a command's module exports. */
export interface CliCommand {
  readonly name: string;
  /** Does it, given the arguments behind the command's name; answers the exit code (decision 2). Throws `PlimsollError`. */
  run(args: readonly string[], world: World): Promise<number>;
}

/** A line of the list of commands; the module is loaded when the command runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CliCommand>;
}
