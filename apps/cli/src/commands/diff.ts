import { diffFormats } from "@plimsoll/formats";
import { parseSeverity, type Severity } from "@plimsoll/model";
import type { Command } from "commander";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import {
  addKnowledgeOptions,
  addSourceOptions,
  collect,
  collectList,
  type KnowledgeOptions,
  type SourceOptions,
} from "../options.ts";
import { checkTargets, type Target, targetOf } from "../outputs.ts";
import { newCommand, parseArguments } from "../parse-arguments.ts";
import { refuseOutputHabit } from "./scan-targets.ts";

export interface DiffCommandOptions extends SourceOptions, KnowledgeOptions {
  readonly policy?: readonly string[];
  readonly output?: readonly string[];
  readonly failOnNew?: string;
  readonly allowIncomplete?: true;
  readonly fullVulnsTable?: true;
  readonly color: boolean;
}

const formatNames = diffFormats.map(({ name }) => name);
const failOnNew = "--fail-on-new";

/** `plimsoll diff BEFORE AFTER`: what is new, fixed and changed. */
export const diff = {
  name: "diff",
  run: async (args, world) => {
    const parsed = await parseArguments<DiffCommandOptions>(diffCommand(), withSeverity(args), world);
    if (parsed === null) return 0;
    const { options, operands } = parsed;
    refuseOutputHabit(options.logfile, formatNames);
    const [before, after, ...others] = operands;
    if (before === undefined || after === undefined || others.length > 0) {
      const reason = `diff compares two sources, the earlier first; given: ${operands.length}`;
      throw cliError("BAD_ARGUMENTS", { fields: { reason, help: "plimsoll diff" } });
    }
    const least = options.failOnNew === undefined ? null : leastOf(options.failOnNew);
    const targets = diffTargets(options.output ?? []);
    await checkTargets(targets);
    const { diffInto } = await import("./diff-into.ts");
    return diffInto(targets, { sources: [before, after], least, options, world });
  },
} satisfies CliCommand;

function diffCommand(): Command {
  const command = newCommand("plimsoll diff")
    .usage("[options] BEFORE AFTER")
    .description(
      "Says what is new, fixed and changed between two images, folders, inventories or reports, by package and layer.",
    )
    .option(
      "--output <FORMAT[=FILE]>",
      `repeatable: ${formatNames.join(", ")} (default ${formatNames[0]})`,
      collect,
      [],
    )
    .option(
      `${failOnNew} [severity]`,
      "exit 1 when something new or worsened has at least this severity (default: any)",
    )
    .option("--policy <id>", "policy to evaluate besides the assigned ones; repeatable, comma list", collectList)
    .option("--full-vulns-table", "every row of every table")
    .option("--allow-incomplete", "exit 0 even if a side could not be read or judged completely")
    .option("--no-color", "no colours (also NO_COLOR; FORCE_COLOR=1 forces them)");
  return addKnowledgeOptions(addSourceOptions(command)).addHelpText("after", examples);
}

const examples = `
A side is any source that can be scanned, sbom:FILE, or report:FILE (JSON v1 or v0 of an earlier scan, also of the
reference). Sources and inventories are both judged now, with the same knowledge; a report says what was known then.

Examples:
  plimsoll diff shop/web:1.0 shop/web:1.1
  plimsoll diff --fail-on-new high registry.example/shop/web:main image.tar
  plimsoll diff report:last-month.json shop/web:1.0
  plimsoll diff sbom:before.json sbom:after.json --output markdown=comment.md --output json=diff.json

Exit codes: 0 compared · 1 something new (${failOnNew}) · 2 wrong parameters · 3 could not do it, or a side is incomplete
`;

/** A severity is optional: what follows and is none is a source. */
function withSeverity(args: readonly string[]): string[] {
  return args.map((arg, place) => {
    if (arg !== failOnNew) return arg;
    const next = args[place + 1] ?? "";
    return parseSeverity(next) !== null || next === "any" ? arg : `${failOnNew}=any`;
  });
}

/** The least severity that counts; unrated counts as medium (decision 6). Throws BAD_OPTION_VALUE. */
function leastOf(word: string): Severity {
  if (word === "any") return "unknown";
  const severity = parseSeverity(word);
  if (severity !== null && severity !== "unknown") return severity;
  const next = "use critical, high, medium, low, negligible or any";
  throw cliError("BAD_OPTION_VALUE", { fields: { option: failOnNew, value: JSON.stringify(word), next } });
}

function diffTargets(output: readonly string[]): Target[] {
  const words = output.length === 0 ? [formatNames[0] ?? ""] : output;
  return words.map((value) => {
    const equals = value.indexOf("=");
    const word = equals < 0 ? value : value.slice(0, equals);
    const format = word === "table" || word === "text" ? "console" : word;
    const path = equals < 0 ? "-" : value.slice(equals + 1);
    if (formatNames.some((name) => name === format) && path !== "") return targetOf(format, path);
    const next = `use FORMAT or FORMAT=FILE with one of: ${formatNames.join(", ")}`;
    throw cliError("BAD_OPTION_VALUE", { fields: { option: "--output", value: JSON.stringify(value), next } });
  });
}
