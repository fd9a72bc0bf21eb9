import { sbomFormats } from "@plimsoll/formats";
import { isIncomplete } from "@plimsoll/model";
import type { Command } from "commander";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { oneSource } from "../operands.ts";
import { addSourceOptions, collect, type SourceOptions } from "../options.ts";
import { checkTargets, deliverAll, type Target, targetOf } from "../outputs.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { tellProblems } from "../tell-problems.ts";
import { openTools } from "../tools.ts";
import { version } from "../version.ts";
import { refuseOutputHabit } from "./scan-targets.ts";

interface SbomOptions extends SourceOptions {
  readonly output?: readonly string[];
  readonly allowIncomplete?: true;
}

const formatNames = sbomFormats.map(({ name }) => name);

/** `plimsoll sbom SOURCE`: reads it and writes down what is in it. */
export const sbom = {
  name: "sbom",
  run: async (args, world) => {
    const parsed = await parseArguments<SbomOptions>(sbomCommand(), args, world);
    if (parsed === null) return 0;
    const { options, operands } = parsed;
    refuseOutputHabit(options.logfile, formatNames);
    const source = oneSource(operands, "sbom");
    const targets = sbomTargets(options.output ?? []);
    checkTargets(targets);
    const { analyzeSource } = await import("../analyze-source.ts");
    const found = await (async () => {
      using tools = openTools(options, world);
      await using analyzed = await analyzeSource(source, options, tools);
      await analyzed.verified();
      return analyzed.sbom;
    })();
    const naming = options.overridePullstring === undefined ? {} : { pullString: options.overridePullstring };
    const documentOf = (target: Target): string => {
      const format = sbomFormats.find(({ name }) => name === target.format);
      return format?.write(found, { tool: { name: "plimsoll", version }, ...naming }) ?? "";
    };
    await deliverAll(targets, documentOf, world);
    const complete = !isIncomplete(found.problems);
    const code = complete || options.allowIncomplete === true ? 0 : 3;
    await tellProblems({ complete, problems: found.problems }, { code, world, isTold: false });
    return code;
  },
} satisfies CliCommand;

function sbomCommand(): Command {
  const command = newCommand("plimsoll sbom")
    .usage("[options] SOURCE")
    .description("Writes down what is in an image, folder or host.")
    .option(
      "--output <FORMAT[=FILE]>",
      `repeatable: ${formatNames.join(", ")} (default ${formatNames[0]})`,
      collect,
      [],
    )
    .option("--allow-incomplete", "exit 0 even if something could not be read");
  return addSourceOptions(command).addHelpText(
    "after",
    `
Examples:
  plimsoll sbom nginx:1.25 > bom.json
  plimsoll sbom --output plimsoll-json=app.json image.tar
  plimsoll scan sbom:app.json
`,
  );
}

function sbomTargets(output: readonly string[]): Target[] {
  const words = output.length === 0 ? [formatNames[0] ?? ""] : output;
  return words.map((value) => {
    const equals = value.indexOf("=");
    const word = equals < 0 ? value : value.slice(0, equals);
    const format = word === "cyclonedx" ? "cyclonedx-json" : word;
    const path = equals < 0 ? "-" : value.slice(equals + 1);
    if (formatNames.some((name) => name === format) && path !== "") return targetOf(format, path);
    const next = `use FORMAT or FORMAT=FILE with one of: ${formatNames.join(", ")}`;
    throw cliError("BAD_OPTION_VALUE", { fields: { option: "--output", value: JSON.stringify(value), next } });
  });
}
