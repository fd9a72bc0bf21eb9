import { lookUp } from "@plimsoll/model";
import { cliError } from "../errors.ts";
import { type Target, targetOf } from "../outputs.ts";
import type { ScanOptions } from "./scan-options.ts";

/** Words of `--output` beside the formats' own names. */
const aliases: Readonly<Record<string, string>> = { table: "console", text: "console", cyclonedx: "cyclonedx-json" };

/** What is to be written where (contract 2.2 and 6.1): the text report goes to stdout unless another document does. Throws BAD_OPTION_VALUE. */
export function scanTargets(options: ScanOptions, formats: readonly string[]): Target[] {
  const asked = [
    ...(options.output ?? []).map((value) => outputTarget(value, options, formats)),
    ...[options.outputJson, options.jsonScanResult].flatMap((path) =>
      path === undefined ? [] : [targetOf("json-v0", path)],
    ),
  ];
  const stdoutTaken = asked.some(({ path }) => path === null);
  return stdoutTaken ? asked : [{ format: "console", path: null }, ...asked];
}

function outputTarget(value: string, { outputSchema }: ScanOptions, formats: readonly string[]): Target {
  const equals = value.indexOf("=");
  const word = equals < 0 ? value : value.slice(0, equals);
  const path = equals < 0 ? "-" : value.slice(equals + 1);
  const json = outputSchema === undefined || outputSchema === "v1" ? "json-v1" : "json-v0";
  const format = word === "json" || word === "json-file" ? json : (lookUp(aliases, word) ?? word);
  if (!formats.includes(format) || path === "" || (word === "json-file" && equals < 0)) {
    const known = ["json", ...formats].join(", ");
    const next =
      word === "json-file"
        ? "name the file: --output json-file=FILE"
        : `use FORMAT or FORMAT=FILE with one of: ${known}`;
    throw cliError("BAD_OPTION_VALUE", { fields: { option: "--output", value: JSON.stringify(value), next } });
  }
  return targetOf(format, path);
}

/** `-o json=report.json` is a habit from other tools: here -o is the log file (decision 20). Throws OUTPUT_HABIT. */
export function refuseOutputHabit(logfile: string | undefined, formats: readonly string[]): void {
  if (logfile === undefined) return;
  const [word = ""] = logfile.split("=", 1);
  const known = ["json", "sarif", "spdx-json", "json-file", ...Object.keys(aliases), ...formats];
  if (!known.includes(word)) return;
  throw cliError("OUTPUT_HABIT", { fields: { value: JSON.stringify(logfile), hint: logfile } });
}
