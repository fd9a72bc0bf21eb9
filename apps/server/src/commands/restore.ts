import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { countText } from "@plimsoll/formats";
import { messageOf } from "@plimsoll/kit";
import { type BackupHeader, openBackup, openDatabase, restoreBackup } from "@plimsoll/platform";
import { type Config, readConfig } from "../config.ts";
import { serverError } from "../errors.ts";
import { keyPlace } from "../fetching.ts";
import { readFlags } from "../settings/read-flags.ts";
import type { Command } from "../world.ts";
import { keysAt, printOf, readKeys, storePlace } from "./store-place.ts";

/** `plimsoll restore FILE`: an installation as it was. */
export const restore = {
  name: "restore",
  run: async (args, world) => {
    const wanted = { command: "restore", of: ["data"], bare: ["replace"], operands: ["FILE"] } as const;
    const flags = readFlags(args, wanted);
    if (flags.given.has("help")) {
      world.stdout.write(usage);
      return 0;
    }
    const config = readConfig({ env: world.env, flags: flags.values }, world);
    const path = resolve(flags.operands[0] ?? "");
    const replace = flags.given.has("replace");
    // Before a database is even started.
    const header = await openBackup(path);
    await using database = await openDatabase(storePlace(config));
    const rows = await restoreBackup(database.pool, path, { replace });
    world.stdout.write(`${countText(rows, "row")} of ${header.at} are back (${header.program})\n`);
    world.stdout.write(putKeys(header, { config, replace }));
    return 0;
  },
} satisfies Command;

interface Keeping {
  readonly config: Config;
  readonly replace: boolean;
}

/** Keys of the backup go where the server looks for them, but never silently over others. */
function putKeys({ keys, keyPrint }: BackupHeader, { config, replace }: Keeping): string {
  const file = keysAt(config);
  if (keyPrint === null || printOf(readKeys(config)) === keyPrint) return "";
  const isOurs = "ownFile" in keyPlace(config);
  const isFree = isOurs && (readKeys(config) === null || replace);
  if (keys === null || !isFree) {
    return `The stored credentials need the key they were sealed with: put its copy at ${file}\n`;
  }
  try {
    mkdirSync(config.data, { recursive: true, mode: 0o711 });
    writeFileSync(file, keys, { mode: 0o600 });
  } catch (cause) {
    throw serverError("DATA_FOLDER", { fields: { folder: config.data, why: messageOf(cause) }, cause });
  }
  return `The key of the stored credentials is back: ${file}\n`;
}

const usage = `Usage: plimsoll restore FILE [options]

Puts back what plimsoll backup wrote, and brings it to this program's version. The file is read to its end first: one that
is damaged changes nothing, and neither does a restore that fails. No server may run meanwhile.

Options:
  --data FOLDER   the installation's data folder (PLIMSOLL_DATA; DATABASE_URL names an external PostgreSQL)
  --replace       although there is something already, which is then lost
  -h, --help

Examples:
  plimsoll restore /backup/plimsoll-2026-11-22
  PLIMSOLL_DATA=/srv/plimsoll plimsoll restore --replace plimsoll.backup
`;
