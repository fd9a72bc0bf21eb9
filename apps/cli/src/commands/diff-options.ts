import type { Command } from "commander";
import {
  addKnowledgeOptions,
  addSourceOptions,
  collect,
  collectList,
  type KnowledgeOptions,
  type SourceOptions,
} from "../options.ts";
import { newCommand } from "../parse-arguments.ts";

/** Everything `plimsoll diff` takes. */
export interface DiffCommandOptions extends SourceOptions, KnowledgeOptions {
  readonly policy?: readonly string[];
  readonly output?: readonly string[];
  readonly failOnNew?: string;
  readonly allowIncomplete?: true;
  readonly fullVulnsTable?: true;
  readonly color: boolean;
}

/** The option whose severity may be left out. */
export const failOnNew = "--fail-on-new";

/** The command with its options and examples. */
export function diffCommand(formatNames: readonly string[]): Command {
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
