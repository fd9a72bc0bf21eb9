import { Command, CommanderError } from "commander";
import { cliError } from "./errors.ts";
import { columnsOf, type World } from "./world.ts";

/** What was given: operands in order, options by their long names in camel case. */
export interface Parsed<T> {
  readonly operands: readonly string[];
  readonly options: T;
}

/** A command whose own output and exits are ours. `path` is how the user calls it. */
export function newCommand(path: string): Command {
  return new Command(path)
    .allowExcessArguments(true)
    .helpOption("-h, --help", "show this")
    .configureHelp({ sortOptions: false, showGlobalOptions: false })
    .exitOverride();
}

/** Reads arguments; `null` when help was asked for and shown. Throws BAD_ARGUMENTS. */
export async function parseArguments<T>(
  command: Command,
  args: readonly string[],
  world: World,
): Promise<Parsed<T> | null> {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.min(columnsOf(world, world.stdout), 110),
    getOutHasColors: () => false,
  });
  try {
    command.parse(splitShortEquals(args), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") {
      await world.stdout.write(help);
      return null;
    }
    const reason = error.message.replace(/^error: /, "").replace(/(?<!\s)\s*\n\s*/g, " ");
    throw cliError("BAD_ARGUMENTS", { fields: { reason, help: command.name() }, cause: error });
  }
  return { operands: command.args, options: command.opts() as T };
}

/** `-f=high`, as scan-action writes it, means `-f high`. */
function splitShortEquals(args: readonly string[]): string[] {
  return args.flatMap((arg) => (/^-[A-Za-z]=/.test(arg) ? [arg.slice(0, 2), arg.slice(3)] : [arg]));
}
