import { delimiter, resolve } from "node:path";
import { groupDigits, signerWords, sizeText } from "@plimsoll/formats";
import { plainText } from "@plimsoll/kit";
import { openArtifactTarget } from "@plimsoll/source";
import {
  type PublishReport,
  publishRevision,
  publishToRegistry,
  publishToTar,
  readSigningKey,
  type SigningKey,
} from "@plimsoll/vulndb";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { collect, wholeNumber } from "../options.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { placesOf } from "../places.ts";
import { addRepositoryOptions, type RepositoryOptions } from "../revision-options.ts";
import { registryReference, registrySettings } from "../revision-place.ts";
import { openTools, type Tools } from "../tools.ts";
import type { World } from "../world.ts";

interface ExportOptions extends RepositoryOptions {
  readonly dbpath?: string;
  readonly signKey?: readonly string[];
  readonly unsigned?: true;
  readonly keep: number;
  readonly expiresIn: number;
  readonly level: number;
}

/** `plimsoll db export PLACE`. */
export const dbExport = {
  name: "export",
  run: async (args, world) => {
    const parsed = await parseArguments<ExportOptions>(exportCommand(), args, world);
    if (parsed === null) return 0;
    const { operands, options } = parsed;
    const [place, ...others] = operands;
    if (place === undefined || others.length > 0) {
      throw cliError("BAD_ARGUMENTS", {
        fields: { reason: "name one place to export to", help: "plimsoll db export" },
      });
    }
    const keys = signingKeys(options, world);
    const report = await (async () => {
      using tools = openTools(options, world);
      return await publish(place, { options, keys }, tools);
    })();
    await world.stdout.write(publishedText(report, { place, keys }));
    if (report.deltaFault !== null) {
      await world.stderr.write(`${plainText(`plimsoll: no delta from the revision before: ${report.deltaFault}`)}\n`);
    }
    return 0;
  },
} satisfies CliCommand;

function exportCommand() {
  const command = newCommand("plimsoll db export")
    .usage("[options] FOLDER|FILE.tar|oci://REFERENCE")
    .description(
      "Publishes the local database, signed, as the newest revision of a repository: a folder for a web server or a stick, a tar, or an artifact in a registry. Made when missing, else extended by a delta from the revision before.",
    )
    .option("-d, --dbpath <folder>", "folder or file of the database (default ~/.cache/plimsoll)")
    .option("--sign-key <file>", "private key to sign with; repeatable (or PLIMSOLL_DB_SIGN_KEY)", collect)
    .option("--unsigned", "do not sign; importing it then takes --allow-unsigned")
    .option("--keep <count>", "deltas from earlier revisions that stay on offer", wholeNumber, 14)
    .option("--expires-in <days>", "days until there should be a newer revision", wholeNumber, 30)
    .option("--level <1-19>", "zstd level: 19 is smallest, 12 takes a tenth of the time", wholeNumber, 19)
    .addHelpText("after", examples);
  return addRepositoryOptions(command);
}

const examples = `
Examples:
  plimsoll db update && plimsoll db export /srv/vulndb --sign-key harbour.key
  plimsoll db export /media/stick/vulndb.tar --sign-key harbour.key
  plimsoll db export oci://registry.example/plimsoll/vulndb:latest --sign-key harbour.key
`;

/** Throws KEY_UNUSABLE, and BAD_ARGUMENTS when it is not said whether to sign. */
function signingKeys({ signKey, unsigned }: ExportOptions, { env }: World): SigningKey[] {
  const paths = signKey ?? (env.PLIMSOLL_DB_SIGN_KEY ?? "").split(delimiter).filter((path) => path !== "");
  if (unsigned === true ? signKey === undefined : paths.length > 0) return unsigned ? [] : paths.map(readSigningKey);
  const reason = unsigned
    ? "--sign-key and --unsigned exclude each other"
    : "--sign-key FILE is missing (plimsoll db keygen makes one); or say --unsigned";
  throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll db export" } });
}

interface Wish {
  readonly options: ExportOptions;
  readonly keys: readonly SigningKey[];
}

async function publish(place: string, { options, keys }: Wish, tools: Tools): Promise<PublishReport> {
  const { world, progress } = tools;
  const { level, keep, expiresIn } = options;
  if (level < 1 || level > 19) {
    throw cliError("BAD_OPTION_VALUE", { fields: { option: "--level", value: level, next: "use 1 to 19" } });
  }
  const publication = {
    database: placesOf(options, world).database,
    keys,
    now: world.clock,
    expiresInDays: expiresIn,
    keepDeltas: keep,
    level,
    signal: world.signal,
    onProgress: (text: string) => progress.show(text),
  };
  const reference = registryReference(place);
  if (reference !== null) {
    const target = await openArtifactTarget(reference, registrySettings(reference, options, tools));
    return publishToRegistry(target, publication);
  }
  const path = resolve(place);
  return path.endsWith(".tar") ? publishToTar(path, publication) : publishRevision({ ...publication, folder: path });
}

function publishedText({ status, revision }: PublishReport, { place, keys }: { place: string } & Pick<Wish, "keys">) {
  const { full, deltas, database, expiresAt } = revision;
  const last = deltas.at(-1);
  const isLast = last?.to.revision === revision.revision;
  const signers = signerWords(keys.map(({ id }) => id));
  const lines = [
    `${place}: revision ${revision.revision} ${status}, ${signers}, good until ${expiresAt.slice(0, 10)}`,
    `  whole database ${sizeText(full.bytes)} (${sizeText(database.bytes)} unpacked)`,
    ...(isLast ? [`  delta from ${last.from.revision}: ${sizeText(last.bytes)}`] : []),
    ...(deltas.length > 1
      ? [`  ${groupDigits(deltas.length)} deltas on offer, from ${deltas[0]?.from.revision} on`]
      : []),
  ];
  return lines.map((line) => `${plainText(line)}\n`).join("");
}
