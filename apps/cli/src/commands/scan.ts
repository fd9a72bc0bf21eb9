import { parseSarifOptions, reportFormats } from "@plimsoll/formats";
import type { CliCommand } from "../command.ts";
import { oneSource } from "../operands.ts";
import { checkTargets } from "../outputs.ts";
import { parseArguments } from "../parse-arguments.ts";
import { isReferenceMode, type World } from "../world.ts";
import { checkPlatform } from "./platform-options.ts";
import { type ScanOptions, scanCommand } from "./scan-options.ts";
import { refuseOutputHabit, scanTargets } from "./scan-targets.ts";

const formatNames = reportFormats.map(({ name }) => name);

/** `plimsoll scan SOURCE`: reads it, judges it, writes reports. What reads and judges is loaded once the parameters are right. */
export const scan = {
  name: "scan",
  run: async (args, world) => {
    const isReference = isReferenceMode(world);
    const command = scanCommand(isReference ? "sysdig-cli-scanner" : "plimsoll scan", formatNames);
    const parsed = await parseArguments<ScanOptions>(command, args, world);
    if (parsed === null) return 0;
    const { options, operands } = parsed;
    if (!isReference) refuseOutputHabit(options.logfile, formatNames);
    checkPlatform(options, world);
    if (options.downloadDbOnly === true) return downloadOnly(options, world);
    const source = oneSource(operands, "scan");
    if (options.detach === true) return (await import("./scan-detached.ts")).scanAndLeave({ source, options, world });
    const targets = scanTargets(options, formatNames);
    parseSarifOptions(options.sarif ?? []);
    checkTargets(targets);
    const { scanInto } = await import("./scan-into.ts");
    return scanInto(targets, { source, options, world });
  },
} satisfies CliCommand;

/** `--download-db-only`: fills a cache before builds that may not reach the network. */
async function downloadOnly({ dbpath }: ScanOptions, world: World): Promise<number> {
  const { dbUpdate } = await import("./db-update.ts");
  return dbUpdate.run(dbpath === undefined ? [] : ["--dbpath", dbpath], world);
}
