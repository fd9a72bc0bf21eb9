import { resolve } from "node:path";
import { countText, sizeText } from "@plimsoll/formats";
import { openDatabase, writeBackup } from "@plimsoll/platform";
import { readConfig } from "../config.ts";
import { readFlags } from "../settings/read-flags.ts";
import { tool } from "../tool.ts";
import type { Command } from "../world.ts";
import { keysAt, printOf, readKeys, storePlace } from "./store-place.ts";

/** `plimsoll backup FILE`: everything an installation keeps, as it is at one moment, in one file. */
export const backup = {
  name: "backup",
  run: async (args, world) => {
    const wanted = { command: "backup", of: ["data"], bare: ["with-keys"], operands: ["FILE"] } as const;
    const flags = readFlags(args, wanted);
    if (flags.given.has("help")) {
      world.stdout.write(usage);
      return 0;
    }
    const config = readConfig({ env: world.env, flags: flags.values }, world);
    const path = resolve(flags.operands[0] ?? "");
    const keys = readKeys(config);
    const isWithKeys = flags.given.has("with-keys");
    await using database = await openDatabase(storePlace(config), { join: true });
    const { bytes, rows, tables } = await writeBackup(database.pool, path, {
      at: new Date(world.clock()).toISOString(),
      program: `${tool.name} ${tool.version}`,
      keyPrint: printOf(keys),
      keys: isWithKeys ? keys : null,
    });
    world.stdout.write(`${path}: ${countText(rows, "row")} of ${countText(tables, "table")}, ${sizeText(bytes)}\n`);
    world.stdout.write(aboutKeys(keys !== null, { isWithKeys, file: keysAt(config) }));
    return 0;
  },
} satisfies Command;

function aboutKeys(
  areThere: boolean,
  { isWithKeys, file }: { readonly isWithKeys: boolean; readonly file: string },
): string {
  if (!areThere) return "No credentials were ever stored, so there is no key to keep.\n";
  return isWithKeys
    ? "The key of the stored credentials is in it: whoever has this file can read them.\n"
    : `The key of the stored credentials is not in it. Keep a copy of it elsewhere: ${file}\n`;
}

const usage = `Usage: plimsoll backup FILE [options]

Writes everything an installation keeps into one file (compressed, with a checksum), as it is at one moment. The server
may run meanwhile. Sessions and uploads that are not done are left out; knowledge is fetched anew.

Options:
  --data FOLDER   the installation's data folder (PLIMSOLL_DATA; DATABASE_URL names an external PostgreSQL)
  --with-keys     put the key of the stored credentials into the same file
  -h, --help

Examples:
  plimsoll backup /backup/plimsoll-$(date +%F)
  DATABASE_URL=postgres://plimsoll@db/plimsoll plimsoll backup plimsoll.backup
`;
