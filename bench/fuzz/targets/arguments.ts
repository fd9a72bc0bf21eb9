import { chooseCommand } from "../../../apps/cli/src/choose-command.ts";
import { scanCommand } from "../../../apps/cli/src/commands/scan-options.ts";
import { commands } from "../../../apps/cli/src/commands.ts";
import { oneSource } from "../../../apps/cli/src/operands.ts";
import { parseArguments } from "../../../apps/cli/src/parse-arguments.ts";
import type { World } from "../../../apps/cli/src/world.ts";
import { reportFormats } from "../../../packages/formats/src/index.ts";
import type { Outcome } from "../target.ts";

const formats = reportFormats.map(({ name }) => name);
/** As much of the world as reading arguments sees. */
const world = {
  env: {},
  stdout: { isTty: false, columns: 80, write: async () => undefined },
} as unknown as World;

/** A command line read as `plimsoll` reads it, for a scan whatever it names. */
export async function parseRequestedArguments(args: readonly string[]): Promise<Outcome> {
  const choice = chooseCommand(commands, args, false);
  const parsed = await parseArguments<object>(scanCommand("plimsoll scan", formats), choice.args, world);
  if (parsed === null) return { shape: "help", value: null };
  const source = oneSource(parsed.operands, choice.entry.name);
  return { shape: "ok", value: [source, parsed.options] };
}
