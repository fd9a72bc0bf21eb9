import { explanationText } from "@plimsoll/formats";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { oneSource } from "../operands.ts";
import { addKnowledgeOptions, addSourceOptions, type KnowledgeOptions, type SourceOptions } from "../options.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { openTools } from "../tools.ts";
import { colorsOf, columnsOf, type World } from "../world.ts";

interface ExplainOptions extends SourceOptions, KnowledgeOptions {
  readonly package?: string;
  readonly json?: true;
}

/** `plimsoll explain VULNERABILITY SOURCE`: which advisory, which range, which comparison. Answers 0 whatever it finds. */
export const explain = {
  name: "explain",
  run: async (args, world) => {
    const parsed = await parseArguments<ExplainOptions>(explainCommand(), args, world);
    if (parsed === null) return 0;
    const [vulnerability, ...rest] = parsed.operands;
    if (vulnerability === undefined || rest.length === 0) {
      const reason = "explain needs a vulnerability and a source, in this order";
      throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll explain" } });
    }
    return explainIn(oneSource(rest, "explain"), { vulnerability, options: parsed.options, world });
  },
} satisfies CliCommand;

function explainCommand() {
  const command = newCommand("plimsoll explain")
    .usage("[options] VULNERABILITY SOURCE")
    .description("Says why a vulnerability was found in a source, or why not.")
    .option("--package <name>", "one package, by name, purl or id; also to learn why nothing was found")
    .option("--json", "the explanation as JSON");
  return addKnowledgeOptions(addSourceOptions(command)).addHelpText(
    "after",
    `
Examples:
  plimsoll explain CVE-2024-5535 nginx:1.25
  plimsoll explain CVE-2021-44228 --package org.apache.logging.log4j:log4j-core image.tar
`,
  );
}

interface Question {
  readonly vulnerability: string;
  readonly options: ExplainOptions;
  readonly world: World;
}

async function explainIn(source: string, { vulnerability, options, world }: Question): Promise<number> {
  const asked = { vulnerability, ...(options.package !== undefined && { package: options.package }) };
  const { explainSource } = await import("./explain-source.ts");
  const text = await (async () => {
    using tools = openTools(options, world);
    const { sbom, explanation } = await explainSource(source, { asked, options, tools });
    if (options.json === true) return `${JSON.stringify(explanation, null, 2)}\n`;
    const layout = { columns: columnsOf(world, world.stdout), colors: colorsOf(world, world.stdout) };
    return explanationText(explanation, sbom, { ...layout, ...asked });
  })();
  await world.stdout.write(text);
  return 0;
}
