import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf } from "@plimsoll/kit";
import { newKeyPair } from "@plimsoll/vulndb";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";

/** `plimsoll db keygen NAME`. */
export const dbKeygen = {
  name: "keygen",
  run: async (args, world) => {
    const command = newCommand("plimsoll db keygen")
      .usage("NAME")
      .description("Makes a pair of Ed25519 keys to sign databases with: NAME.key stays secret, NAME.pub goes to all.")
      .addHelpText("after", examples);
    const parsed = await parseArguments<object>(command, args, world);
    if (parsed === null) return 0;
    const [name, ...others] = parsed.operands;
    if (name === undefined || others.length > 0) {
      throw cliError("BAD_ARGUMENTS", { fields: { reason: "name the pair, once", help: "plimsoll db keygen" } });
    }
    const { id, privatePem, publicPem } = newKeyPair();
    const path = resolve(name);
    await writeNew(`${path}.key`, privatePem, 0o600);
    await writeNew(`${path}.pub`, publicPem, 0o644);
    await world.stdout.write(`${path}.key: keep it secret\n${path}.pub: key ${id}\n`);
    return 0;
  },
} satisfies CliCommand;

const examples = `
Examples:
  plimsoll db keygen harbour
  plimsoll db export /srv/vulndb --sign-key harbour.key
  plimsoll db import /srv/vulndb --db-key harbour.pub
`;

/** Never over a key that is there: it may be the only copy. */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode });
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause && cause.code === "EEXIST" ? "it exists" : messageOf(cause);
    throw cliError("OUTPUT_FAILED", { fields: { path, why }, cause });
  }
}
