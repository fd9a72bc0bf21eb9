import { diffFormats } from "@plimsoll/formats";
import { parseSeverity, type Severity } from "@plimsoll/model";
import type { CliCommand } from "../command.ts";
import { cliError } from "../errors.ts";
import { checkTargets, type Target, targetOf } from "../outputs.ts";
import { parseArguments } from "../parse-arguments.ts";
import { type DiffCommandOptions, diffCommand, failOnNew } from "./diff-options.ts";
import { refuseOutputHabit } from "./scan-targets.ts";

const formatNames = diffFormats.map(({ name }) => name);

/** `plimsoll diff BEFORE AFTER`: what is new, fixed and changed. */
export const diff = {
  name: "diff",
  run: async (args, world) => {
    const parsed = await parseArguments<DiffCommandOptions>(diffCommand(formatNames), withSeverity(args), world);
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
    checkTargets(targets);
    const { diffInto } = await import("./diff-into.ts");
    return diffInto(targets, { sources: [before, after], least, options, world });
  },
} satisfies CliCommand;

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
