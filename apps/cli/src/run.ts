import { chooseCommand } from "./choose-command.ts";
import { commands } from "./commands.ts";
import { topHelp } from "./top-help.ts";
import { referenceVersion, version } from "./version.ts";
import { isReferenceMode, type World } from "./world.ts";

/** Runs the command line: arguments without program name in, exit code out (decision 2). Never throws, except when aborted. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  // scan-action splits on single spaces: empty arguments are nobody's wish (contract 2.2).
  const args = argv.filter((arg) => arg !== "");
  const referenceMode = isReferenceMode(world);
  if (args.includes("--version")) {
    await world.stdout.write(referenceMode ? `Sysdig CLI Scanner ${referenceVersion}\n` : `plimsoll ${version}\n`);
    return 0;
  }
  try {
    if (!referenceMode) {
      const wanted = helpWanted(args);
      if (wanted === "all") return await showHelp(args, world);
      if (wanted !== null) return await runChosen([wanted, "--help"], world);
    }
    return await runChosen(args, world);
  } catch (thrown) {
    if (world.signal.aborted) throw thrown;
    return (await import("./report-error.ts")).reportError(thrown, world);
  }
}

/** Whose help was asked for: of everything (also when nothing was said), of one command, or none. */
function helpWanted([first, second]: readonly string[]): string | null {
  if (first === undefined || first === "--help" || first === "-h") return "all";
  if (first !== "help") return null;
  return second === undefined || second.startsWith("-") || second === "help" ? "all" : second;
}

async function showHelp(args: readonly string[], { stdout, stderr }: World): Promise<number> {
  const saidNothing = args.length === 0;
  await (saidNothing ? stderr : stdout).write(topHelp(commands));
  return saidNothing ? 2 : 0;
}

async function runChosen(args: readonly string[], world: World): Promise<number> {
  const choice = chooseCommand(commands, args, isReferenceMode(world));
  const command = await choice.entry.load();
  return command.run(choice.args, world);
}
