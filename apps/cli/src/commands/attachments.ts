import { isUtf8 } from "node:buffer";
import { writeFile } from "node:fs/promises";
import { sizeText } from "@plimsoll/formats";
import { messageOf, plainText } from "@plimsoll/kit";
import { type Attachment, attachmentKinds } from "@plimsoll/model";
import type { Command } from "commander";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { oneSource } from "../operands.ts";
import { addSourceOptions, type SourceOptions } from "../options.ts";
import { checkTargets, targetOf } from "../outputs.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { openTools } from "../tools.ts";
import type { World } from "../world.ts";

interface AttachmentsOptions extends SourceOptions {
  readonly json?: true;
  readonly fetch?: string;
  readonly raw?: true;
  readonly output?: string;
}

/** `plimsoll attachments IMAGE`: what lies beside an image in its registry; `--fetch` gives one of it. */
export const attachments = {
  name: "attachments",
  run: async (args, world) => {
    const parsed = await parseArguments<AttachmentsOptions>(attachmentsCommand(), args, world);
    if (parsed === null) return 0;
    const { options, operands } = parsed;
    const source = oneSource(operands, "attachments");
    const target = targetOf("document", options.output ?? "-");
    checkTargets([target]);
    const { attachmentsOf } = await import("../attachments-of.ts");
    const bytes = await (async () => {
      using tools = openTools(options, world);
      const found = await attachmentsOf(source, options, tools);
      for (const { message } of found.problems) await world.stderr.write(`plimsoll: ${plainText(message, 600)}\n`);
      if (options.fetch === undefined) return Buffer.from(listText(found, options.json === true), "utf8");
      return found.read(chosenFrom(found.attachments, options.fetch), options.raw === true);
    })();
    await deliver(bytes, target.path, world);
    return 0;
  },
} satisfies CliCommand;

function attachmentsCommand(): Command {
  const command = newCommand("plimsoll attachments")
    .usage("[options] IMAGE")
    .description(
      "Lists the SBOMs, VEX documents, provenance and signatures attached to an image in its registry, or fetches one. Their digests are checked, their signatures are not.",
    )
    .option("--json", "the list as JSON")
    .option("--fetch <digest|kind>", `one of them, by its digest or as the only ${attachmentKinds.join(", ")}`)
    .option("--raw", "as it lies in the registry, in its signed envelope")
    .option("--output <file>", "write to a file");
  return addSourceOptions(command).addHelpText(
    "after",
    `
Examples:
  plimsoll attachments registry.example/team/app:2.1
  plimsoll attachments --fetch sbom --output app.sbom.json registry.example/team/app:2.1
  plimsoll scan sbom:app.sbom.json
`,
  );
}

type Listed = { readonly digest: string; readonly attachments: readonly Attachment[] };

function listText({ digest, attachments: list }: Listed, json: boolean): string {
  if (json) return `${JSON.stringify({ digest, attachments: list }, null, 2)}\n`;
  if (list.length === 0) return `nothing is attached to ${digest}\n`;
  const rows = list.map(({ kind, size, digest: own, type, mediaType, via }) => {
    const what = plainText(type === "" ? mediaType : type, 100);
    return `${kind.padEnd(10)}  ${sizeText(size).padStart(8)}  ${own}  ${via.padEnd(13)}  ${what}\n`;
  });
  return rows.join("");
}

/** Throws ATTACHMENT_NOT_FOUND, ATTACHMENT_AMBIGUOUS. */
function chosenFrom(list: readonly Attachment[], wanted: string): Attachment {
  const hex = wanted.replace(/^sha256:/, "");
  const isDigest = /^[0-9a-f]{7,64}$/.test(hex);
  const fitting = list.filter(({ kind, digest }) => kind === wanted || (isDigest && digest.slice(7).startsWith(hex)));
  const [first] = fitting;
  const offered = (some: readonly Attachment[]): string =>
    some.map(({ kind, digest }) => `${kind} ${digest}`).join(", ") || "nothing";
  if (first === undefined) throw cliError("ATTACHMENT_NOT_FOUND", { fields: { wanted, offered: offered(list) } });
  if (fitting.length === 1) return first;
  throw cliError("ATTACHMENT_AMBIGUOUS", { fields: { wanted, offered: offered(fitting) } });
}

/** Throws OUTPUT_FAILED. */
async function deliver(bytes: Uint8Array, path: string | null, world: World): Promise<void> {
  if (path === null) {
    if (isUtf8(bytes)) return world.stdout.write(Buffer.from(bytes).toString("utf8"));
    throw cliError("OUTPUT_FAILED", { fields: { path: "-", why: "the document is not text; name a file" } });
  }
  await writeFile(path, bytes).catch((cause: unknown) => {
    throw cliError("OUTPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  });
}
