import type { CommandEntry } from "./command.ts";

/** Which command runs, with which arguments. */
export interface Choice {
  readonly entry: CommandEntry;
  readonly args: readonly string[];
}

/**
 * A command's name counts only in the first place, and wins there over an image of that name (decision 20). The
 * reference has no commands: in its mode everything is a scan.
 */
export function chooseCommand(
  commands: readonly [CommandEntry, ...CommandEntry[]],
  args: readonly string[],
  referenceMode: boolean,
): Choice {
  const [scan] = commands;
  const named = referenceMode ? undefined : commands.find(({ name }) => name === args[0]);
  return named === undefined ? { entry: scan, args } : { entry: named, args: args.slice(1) };
}
